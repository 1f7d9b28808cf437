import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeSocket } from "../../../hooks/test/fake-socket";
import { LabPage } from "./lab-page";

const later = "2030-01-01T00:00:00Z";
const token = "header.payload.signature";

beforeEach(() => {
	FakeSocket.all = [];
	vi.stubGlobal("WebSocket", FakeSocket);
	vi.stubGlobal("fetch", async (path: string) => {
		const body =
			path === "/api/token" ? { token, expires_at: later } : { ticket: "a-random-ticket", expires_at: later };
		return new Response(JSON.stringify(body));
	});
});
afterEach(() => vi.unstubAllGlobals());

test("shows what travelled where, masked, and that it opened", async () => {
	render(<LabPage />);
	fireEvent.click(screen.getByRole("button", { name: "Try Query" }));
	await waitFor(() => expect(FakeSocket.living).toBe(1));
	expect(FakeSocket.last.url.searchParams.get("token")).toBe(token);
	await act(async () => {
		FakeSocket.last.open();
		FakeSocket.last.hear('{"type":"welcome","user":"alice","connections":1}');
	});
	expect(screen.getByRole("status").textContent).toMatch(/✓ Open as alice, speaking yodel/);
	expect(document.body.textContent).toContain("head…(24)");
	expect(document.body.textContent).not.toContain(token);
	expect(FakeSocket.living).toBe(0);
});

test("says where a refusal fell and by which rule", async () => {
	render(<LabPage />);
	fireEvent.click(screen.getByRole("button", { name: "Try An altered token" }));
	await waitFor(() => expect(FakeSocket.living).toBe(1));
	expect(FakeSocket.last.url.searchParams.get("token")).not.toBe(token);
	await act(async () => FakeSocket.last.end(1006));
	expect(screen.getByRole("status").textContent).toMatch(/✕ Refused before the upgrade.*401/);
});

test("a close after the upgrade tells its code", async () => {
	render(<LabPage />);
	fireEvent.click(screen.getByRole("button", { name: "Try A bad token in the first message" }));
	await waitFor(() => expect(FakeSocket.living).toBe(1));
	await act(async () => {
		FakeSocket.last.open();
		FakeSocket.last.end(3500, "invalid token");
	});
	expect(FakeSocket.last.sent).toEqual(['{"type":"authenticate","token":"not.a.token"}']);
	expect(screen.getByRole("status").textContent).toMatch(/with 3500 invalid token/);
});

test("an outcome that should not be is called that", async () => {
	render(<LabPage />);
	fireEvent.click(screen.getByRole("button", { name: "Try Two credentials at once" }));
	await waitFor(() => expect(FakeSocket.living).toBe(1));
	await act(async () => {
		FakeSocket.last.open();
		FakeSocket.last.hear('{"type":"welcome","user":"alice","connections":1}');
	});
	expect(screen.getByRole("status").textContent).toMatch(/not what should happen/);
});
