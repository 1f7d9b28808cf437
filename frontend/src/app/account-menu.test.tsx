import { act, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { SessionContext } from "../lib/session";
import { alice } from "../test/in-chat";
import { InRouter } from "../test/in-router";
import { AccountMenu } from "./account-menu";

const signOut = vi.hoisted(() => vi.fn(async () => {}));
vi.mock("../lib/sign-out", () => ({ signOut }));

test("behind one's name are one's pages, those for developers, and the way out", async () => {
	const session = { user: { ...alice, name: "Alice Alder" }, onUser: vi.fn(), onSignedOut: vi.fn() };
	render(
		<InRouter>
			<SessionContext value={session}>
				<AccountMenu />
			</SessionContext>
		</InRouter>,
	);
	await act(async () => {});
	const menu = screen.getByText("Sign out").closest("nav");
	menu?.removeAttribute("popover"); // jsdom never shows one
	expect(screen.getByRole("button", { name: "Account: alice" }).getAttribute("popovertarget")).toBe(menu?.id);
	expect(menu?.textContent).toContain("alice, member");
	expect(screen.getAllByRole("link").map(({ textContent }) => textContent)).toEqual([
		"Your profile",
		"Your devices",
		"Demo",
		"Lobby",
		"Connection lab",
	]);
	await act(async () => screen.getByText("Sign out").click());
	expect(signOut).toHaveBeenCalledWith(session);
});
