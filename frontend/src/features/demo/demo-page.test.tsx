import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeSocket } from "../../../hooks/test/fake-socket";
import { DemoPage } from "./demo-page";

const alice = { id: "1", username: "alice", name: "Alice", role: "member" } as const;

const later = "2030-01-01T00:00:00Z";
const answers: Record<string, unknown> = {
	"/api/token": { token: "a.b.c", expires_at: later },
	"/api/ws/ticket": { ticket: "once", expires_at: later },
	"/api/refresh": { user: alice, expires_at: later },
};

beforeEach(() => {
	FakeSocket.all = [];
	vi.stubGlobal("WebSocket", FakeSocket);
	vi.stubGlobal(
		"fetch",
		vi.fn(async (path: string) => new Response(JSON.stringify(answers[path] ?? alice))),
	);
});
afterEach(() => vi.unstubAllGlobals());

async function opened(): Promise<FakeSocket> {
	await waitFor(() => expect(FakeSocket.living).toBe(1));
	const socket = FakeSocket.last;
	act(() => socket.open());
	return socket;
}

test("shows the state, who is there and what was said", async () => {
	render(<DemoPage user={alice} onSignedOut={() => {}} />);
	expect(screen.getByRole("status", { name: "Connection" }).textContent).toBe("Connecting");
	expect(screen.getByText(/Nothing was said yet/)).toBeTruthy();
	const socket = await opened();
	expect(screen.getByRole("status", { name: "Connection" }).textContent).toBe("Live");
	await act(async () => {
		socket.hear('{"type":"welcome","user":"alice","connections":1}');
		socket.hear('{"type":"broadcast","from":"bob","data":"<img src=x onerror=alert(1)>"}');
		socket.hear('{"type":"connections","connections":2}');
	});
	expect(screen.getByText("2 connections open")).toBeTruthy();
	expect(screen.getByText("<img src=x onerror=alert(1)>")).toBeTruthy(); // H215: shown as text
	expect(document.querySelector("img")).toBeNull();
});

test("sends what was written and keeps what could not be sent", async () => {
	render(<DemoPage user={alice} onSignedOut={() => {}} />);
	const socket = await opened();
	const box = screen.getByRole<HTMLInputElement>("textbox", { name: "Message" });
	fireEvent.change(box, { target: { value: "hello" } });
	fireEvent.click(screen.getByRole("button", { name: "Send" }));
	expect(socket.sent).toEqual(['{"type":"broadcast","data":"hello"}']);
	expect(box.value).toBe("");
	socket.readyState = 2;
	fireEvent.change(box, { target: { value: "unsent" } });
	fireEvent.click(screen.getByRole("button", { name: "Send" }));
	expect(box.value).toBe("unsent");
});

test("another carrier connects anew and takes a fresh token", async () => {
	render(<DemoPage user={alice} onSignedOut={() => {}} />);
	const first = await opened();
	fireEvent.click(screen.getByRole("radio", { name: "Query" }));
	await waitFor(() => expect(FakeSocket.last).not.toBe(first));
	expect(FakeSocket.last.url.searchParams.get("token")).toBe("a.b.c");
	expect(first.readyState).toBe(3);
});

test("a ticket travels in the address, a fresh one for every attempt", async () => {
	render(<DemoPage user={alice} onSignedOut={() => {}} />);
	const first = await opened();
	fireEvent.click(screen.getByRole("radio", { name: "Ticket" }));
	await waitFor(() => expect(FakeSocket.last).not.toBe(first));
	expect(FakeSocket.last.url.searchParams.get("ticket")).toBe("once");
	const second = FakeSocket.last;
	answers["/api/ws/ticket"] = { ticket: "another", expires_at: later };
	act(() => second.end(1006));
	fireEvent.click(screen.getByRole("button", { name: "Retry now" }));
	await waitFor(() => expect(FakeSocket.last.url.searchParams.get("ticket")).toBe("another"));
});

test("ticket, then token: the token travels in the first message and shows nowhere", async () => {
	render(<DemoPage user={alice} onSignedOut={() => {}} />);
	const first = await opened();
	fireEvent.click(screen.getByRole("radio", { name: "Ticket, then token" }));
	await waitFor(() => expect(FakeSocket.last).not.toBe(first));
	act(() => FakeSocket.last.open());
	expect(FakeSocket.last.sent).toEqual(['{"type":"authenticate","token":"a.b.c"}']);
	expect(document.body.textContent).not.toContain("a.b.c");
});

test("signed out elsewhere: says so and offers the way on", async () => {
	const onSignedOut = vi.fn();
	render(<DemoPage user={alice} onSignedOut={onSignedOut} />);
	const socket = await opened();
	act(() => socket.end(3503, "signed out"));
	expect(screen.getByRole("alert").textContent).toContain("You were signed out.");
	fireEvent.click(screen.getByRole("button", { name: "Sign in again" }));
	expect(onSignedOut).toHaveBeenCalled();
});

test("a lost connection waits and can be retried at once", async () => {
	render(<DemoPage user={alice} onSignedOut={() => {}} />);
	const socket = await opened();
	act(() => socket.end(1006));
	fireEvent.click(screen.getByRole("button", { name: "Retry now" }));
	await waitFor(() => expect(FakeSocket.last).not.toBe(socket));
});
