import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { LoginPage } from "./login-page";

const alice = { id: "1", username: "alice", name: "Alice", role: "member" };

function answer(status: number, body: unknown): void {
	vi.stubGlobal(
		"fetch",
		vi.fn(async () => new Response(JSON.stringify(body), { status })),
	);
}

function signIn(): void {
	fireEvent.change(screen.getByLabelText("Username"), { target: { value: "alice" } });
	fireEvent.change(screen.getByLabelText("Password"), { target: { value: "a password" } });
	fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
}

afterEach(() => vi.unstubAllGlobals());

test("hands over who signed in", async () => {
	answer(200, { user: alice, expires_at: "2030-01-01T00:00:00Z" });
	const onSignedIn = vi.fn();
	render(<LoginPage onSignedIn={onSignedIn} />);
	signIn();
	await waitFor(() => expect(onSignedIn).toHaveBeenCalledWith(alice));
	expect(fetch).toHaveBeenCalledWith("/api/login", expect.objectContaining({ method: "POST" }));
});

test("says the server's sentence and lets one try again", async () => {
	answer(401, { error: { code: "invalid_credentials", message: "That username and password don't match." } });
	render(<LoginPage onSignedIn={() => {}} />);
	signIn();
	await waitFor(() => expect(screen.getByRole("alert").textContent).toBe("That username and password don't match."));
	expect(screen.getByRole<HTMLButtonElement>("button", { name: "Sign in" }).disabled).toBe(false);
});

test("is busy while it asks", () => {
	vi.stubGlobal(
		"fetch",
		vi.fn(() => new Promise(() => {})),
	);
	render(<LoginPage onSignedIn={() => {}} />);
	signIn();
	expect(screen.getByRole<HTMLButtonElement>("button", { name: "Sign in" }).disabled).toBe(true);
});

test("says what to do when the server can't be reached", async () => {
	vi.stubGlobal(
		"fetch",
		vi.fn(async () => {
			throw new TypeError("network");
		}),
	);
	render(<LoginPage onSignedIn={() => {}} />);
	signIn();
	await waitFor(() => expect(screen.getByRole("alert").textContent).toMatch(/can't be reached. Check/));
});
