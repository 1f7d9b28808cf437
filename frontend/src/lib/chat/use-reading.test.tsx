import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ChatContext } from "./chat";
import { ChatStore } from "./chat-store";
import { useReading } from "./use-reading";

let store = new ChatStore();
const reading = () => store.snapshot().reading;

function Chat({ children }: { children: ReactNode }) {
	return <ChatContext value={{ store, reload: vi.fn() }}>{children}</ChatContext>;
}

const reader = () =>
	renderHook(({ room, reads }) => useReading(room, reads), {
		wrapper: Chat,
		initialProps: { room: "a", reads: true },
	});

beforeEach(() => {
	store = new ChatStore();
	vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

test("a list that leaves its end for a moment still counts as read, one that stays away does not", () => {
	const { rerender } = reader();
	rerender({ room: "a", reads: false });
	act(() => vi.advanceTimersByTime(499));
	expect(reading()).toBe("a");
	rerender({ room: "a", reads: true });
	act(() => vi.advanceTimersByTime(1000));
	expect(reading()).toBe("a");
	rerender({ room: "a", reads: false });
	act(() => vi.advanceTimersByTime(500));
	expect(reading()).toBeNull();
});

test("another room takes the place of the one before", () => {
	const { rerender } = reader();
	rerender({ room: "b", reads: true });
	expect(reading()).toBe("b");
	rerender({ room: "c", reads: false });
	expect(reading()).toBeNull();
	rerender({ room: "c", reads: true });
	expect(reading()).toBe("c");
});
