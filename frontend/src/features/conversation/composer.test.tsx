import { fireEvent, render, screen } from "@testing-library/react";
import { useRef } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { SessionContext } from "../../lib/session";
import { alice, bob } from "../../test/in-chat";
import { Composer } from "./composer";

beforeEach(() => localStorage.clear());

const told = { onSend: vi.fn(), onTyping: vi.fn(), onEditLast: vi.fn() };
beforeEach(() => Object.values(told).forEach((tell) => void tell.mockReset()));

function Writing({ roomId = "r" }) {
	const box = useRef<HTMLTextAreaElement>(null);
	return (
		<SessionContext value={{ user: alice, onUser: () => {}, onSignedOut: () => {} }}>
			<Composer key={roomId} roomId={roomId} members={[bob]} box={box} {...told} />
		</SessionContext>
	);
}

const box = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Message" });
function write(text: string) {
	fireEvent.change(box(), { target: { value: text, selectionStart: text.length } });
}

test("Enter sends what is there and empties the field; Shift and Enter do not", () => {
	render(<Writing />);
	write("hello");
	fireEvent.keyDown(box(), { key: "Enter", shiftKey: true });
	expect(told.onSend).not.toHaveBeenCalled();
	fireEvent.keyDown(box(), { key: "Enter" });
	expect(told.onSend).toHaveBeenCalledExactlyOnceWith("hello");
	expect(box().value).toBe("");
});

test("nothing is sent of nothing, nor in the middle of a word that is being composed", () => {
	render(<Writing />);
	write("  \n ");
	fireEvent.keyDown(box(), { key: "Enter" });
	write("にほ");
	fireEvent.keyDown(box(), { key: "Enter", isComposing: true });
	expect(told.onSend).not.toHaveBeenCalled();
});

test("a text that is too long stays whole and is not sent", () => {
	render(<Writing />);
	write("x".repeat(4001));
	fireEvent.keyDown(box(), { key: "Enter" });
	expect(told.onSend).not.toHaveBeenCalled();
	expect(box().value).toHaveLength(4001);
	expect(screen.getByRole("status", { name: "Length" }).textContent).toContain("1 characters too many");
	write("x".repeat(3990));
	expect(screen.getByRole("status", { name: "Length" }).textContent).toBe("10 characters left");
});

test("a draft is there again in its own room", () => {
	const page = render(<Writing roomId="one" />);
	write("half a thou");
	page.rerender(<Writing roomId="two" />);
	expect(box().value).toBe("");
	page.rerender(<Writing roomId="one" />);
	expect(box().value).toBe("half a thou");
});

test("an @ offers people, by keys; Escape puts the list away", () => {
	render(<Writing />);
	write("@b");
	expect(screen.getByRole("option", { name: "@bob Bob" })).toBeTruthy();
	fireEvent.keyDown(box(), { key: "Escape" });
	expect(screen.queryByRole("option")).toBeNull();
	write("@bo");
	fireEvent.keyDown(box(), { key: "Enter" });
	expect(box().value).toBe("@bob ");
	expect(told.onSend).not.toHaveBeenCalled();
});

test("the caret stands behind the name that was taken before the next key comes", () => {
	render(<Writing />);
	fireEvent.change(box(), { target: { value: "@b see this", selectionStart: 2, selectionEnd: 2 } });
	fireEvent.keyDown(box(), { key: "Tab" });
	expect(box().value).toBe("@bob see this");
	expect([box().selectionStart, box().selectionEnd]).toEqual([5, 5]);
});

test("the arrow upwards in an empty field changes the last message", () => {
	render(<Writing />);
	write("a");
	fireEvent.keyDown(box(), { key: "ArrowUp" });
	expect(told.onEditLast).not.toHaveBeenCalled();
	write("");
	fireEvent.keyDown(box(), { key: "ArrowUp" });
	expect(told.onEditLast).toHaveBeenCalledOnce();
});
