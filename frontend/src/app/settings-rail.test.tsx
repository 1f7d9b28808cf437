import { act, fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import type { User } from "../lib/api";
import { SessionContext } from "../lib/session";
import { alice } from "../test/in-chat";
import { InRouter } from "../test/in-router";
import { SettingsRail } from "./settings-rail";

const shown: (string | null)[] = [];

beforeEach(() => {
	shown.length = 0;
	Element.prototype.scrollIntoView = function () {
		shown.push(this.textContent);
	};
});

/** The rail of somebody, on a page. */
async function railOf(user: User, at: string) {
	render(
		<InRouter at={at}>
			<SessionContext value={{ user, onUser: vi.fn(), onSignedOut: vi.fn() }}>
				<SettingsRail />
			</SessionContext>
		</InRouter>,
	);
	await act(async () => {});
}

test("an administrator finds the administration, others their own pages alone", async () => {
	await railOf(alice, "/devices");
	expect(screen.getAllByRole("link").map(({ textContent }) => textContent)).toEqual([
		"Profile",
		"Devices",
		"Blocked people",
	]);
	await railOf({ ...alice, role: "admin" }, "/devices");
	expect(screen.getByRole("link", { name: "Audit log" })).toBeTruthy();
});

test("the current page stays in sight, also when the window changes", async () => {
	await railOf({ ...alice, role: "admin" }, "/admin/audit");
	expect(shown.at(-1)).toBe("Audit log");
	shown.length = 0;
	fireEvent(window, new Event("resize"));
	expect(shown).toEqual(["Audit log"]);
});
