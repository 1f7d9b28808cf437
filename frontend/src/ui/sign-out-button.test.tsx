import { act, fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { ApiError } from "../lib/api";
import { SignOutButton } from "./sign-out-button";

const click = () => act(() => fireEvent.click(screen.getByRole("button", { name: "Sign out" })));

test("who could not be signed out is told so, and can try again", async () => {
	const signOut = vi.fn(() => Promise.resolve());
	signOut.mockRejectedValueOnce(new TypeError("away"));
	render(<SignOutButton onSignOut={signOut}>Sign out</SignOutButton>);
	await click();
	expect(screen.getByRole("alert").textContent).toBe(
		"You are still signed in. The server can't be reached. Check your connection, then try again.",
	);
	await click();
	expect(screen.queryByRole("alert")).toBeNull();
	expect(signOut).toHaveBeenCalledTimes(2);
});

test("the server's own sentence is shown", async () => {
	const refused = new ApiError(503, "unavailable", "The database is away. Try again in a moment.");
	render(<SignOutButton onSignOut={() => Promise.reject(refused)}>Sign out</SignOutButton>);
	await click();
	expect(screen.getByRole("alert").textContent).toBe(
		"You are still signed in. The database is away. Try again in a moment.",
	);
});
