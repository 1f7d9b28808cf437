import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RegisterPage } from "./register-page";

const carol = { id: "3", username: "carol", name: "Carol", role: "member" };

beforeEach(() => history.replaceState(null, "", "/register#the-secret"));
afterEach(() => {
	vi.unstubAllGlobals();
	history.replaceState(null, "", "/");
});

function answer(status: number, body: unknown): void {
	vi.stubGlobal(
		"fetch",
		vi.fn(async () => new Response(JSON.stringify(body), { status })),
	);
}

function join(): void {
	fireEvent.change(screen.getByLabelText("Username"), { target: { value: "carol" } });
	fireEvent.change(screen.getByLabelText("Password"), { target: { value: "a password" } });
	fireEvent.click(screen.getByRole("button", { name: "Make the account" }));
}

test("the secret travels in the body, and leaves the address once it is used up", async () => {
	answer(200, { user: carol, expires_at: "2030-01-01T00:00:00Z" });
	const onSignedIn = vi.fn();
	render(<RegisterPage onSignedIn={onSignedIn} />);
	join();
	await waitFor(() => expect(onSignedIn).toHaveBeenCalledWith(carol));
	const [path, request] = vi.mocked(fetch).mock.calls[0] ?? [];
	expect(path).toBe("/api/register");
	expect(JSON.parse(String(request?.body))).toEqual({
		invitation: "the-secret",
		username: "carol",
		name: "",
		password: "a password",
	});
	expect(location.hash).toBe("");
});

test("the server's sentence is shown, and the link stays for another try", async () => {
	answer(409, { error: { code: "taken", message: "That username is taken." } });
	render(<RegisterPage onSignedIn={() => {}} />);
	join();
	await waitFor(() => expect(screen.getByRole("alert").textContent).toBe("That username is taken."));
	expect(location.hash).toBe("#the-secret");
});

test("without a secret it says what to do", () => {
	history.replaceState(null, "", "/register");
	render(<RegisterPage onSignedIn={() => {}} />);
	expect(screen.getByText(/Open the whole link/)).toBeTruthy();
	expect(screen.queryByLabelText("Password")).toBeNull();
});
