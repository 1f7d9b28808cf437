import { act, render, screen } from "@testing-library/react";
import { StrictMode } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { usePlainSocket } from "../use-plain-socket";
import { FakeSocket } from "./fake-socket";

beforeEach(() => {
	FakeSocket.all = [];
	vi.stubGlobal("WebSocket", FakeSocket);
});
afterEach(() => vi.unstubAllGlobals());

function Panel({ identity = "a" }: { identity?: string }) {
	const socket = usePlainSocket({ url: "/ws/demo", identity, credential: async () => ({}) });
	return (
		<p>
			{socket.state} {socket.log.length}
		</p>
	);
}

const settle = () => act(async () => {});

/** Effects ended and begun anew keep the socket; it closes a tick after the last. */
const tick = () => act(() => new Promise<void>((resolve) => setTimeout(resolve)));

it("has one socket under StrictMode and none after it", async () => {
	const page = render(<Panel />, { wrapper: StrictMode });
	await tick();
	expect(FakeSocket.all).toHaveLength(1);
	expect(FakeSocket.living).toBe(1);
	page.unmount();
	await tick();
	expect(FakeSocket.living).toBe(0);
});

it("is not disturbed by new callbacks, and connects anew for another identity", async () => {
	const page = render(<Panel />);
	await settle();
	page.rerender(<Panel />);
	await settle();
	expect(FakeSocket.all).toHaveLength(1);
	page.rerender(<Panel identity="b" />);
	await tick();
	expect(FakeSocket.all).toHaveLength(2);
	expect(FakeSocket.living).toBe(1);
});

it("shows every message of a burst", async () => {
	render(<Panel />);
	await settle();
	await act(async () => {
		FakeSocket.last.open();
		for (let i = 0; i < 1000; i++) FakeSocket.last.hear(`${i}`);
	});
	expect(screen.getByText("open 1000")).toBeDefined();
});
