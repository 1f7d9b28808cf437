import type { Page } from "@playwright/test";
import { bringAxe, faultsOf } from "../fixtures/axe";
import { expect, roomName, test } from "../fixtures/chat-world";

async function noViolations(page: Page): Promise<void> {
	await bringAxe(page);
	expect(await faultsOf(page)).toEqual([]);
}

test("an invitation waits for its answer: declined, taken back, accepted", async ({ enters }) => {
	const [alice, bob] = [await enters("Alice"), await enters("Bob")];
	const room = roomName();
	await alice.makesARoom(room, { kind: "Only by invitation" });
	await alice.says("only among us");
	await alice.details.open();
	await alice.details.invites(bob.username);
	await expect(bob.invitations).toContainText(`Alice (@${alice.username}) invites you.`);
	await expect(bob.room(room)).toHaveCount(0);
	await bob.invitations.getByRole("button", { name: `Decline ${room}` }).press("Enter");
	await expect(bob.invitations).toHaveCount(0);

	await alice.details.invites(bob.username);
	await expect(alice.details.kept("Invited", bob.username)).toBeVisible();
	await expect(bob.invitations).toContainText(room);
	await alice.details.kept("Invited", bob.username).getByRole("button").click();
	await expect(bob.invitations).toHaveCount(0);

	await alice.details.invites(bob.username);
	await bob.page.reload(); // it waits for who is away
	await bob.accepts(room);
	await bob.sees("only among us");
	await expect(alice.details.member("Bob")).toBeVisible();
	await expect(alice.details.kept("Invited", bob.username)).toHaveCount(0);
});

test("somebody blocked can't write; what they say in a shared room is hidden behind a click", async ({ together }) => {
	const [alice, bob, room] = await together();
	await bob.writesTo(alice.account);
	await bob.says("hello you");
	await bob.opens(room);
	await alice.blocks(bob.account);
	await bob.says("hear me all the same");

	await alice.opens(room);
	const hidden = alice.page.getByText("Written by somebody whom you have blocked.");
	await expect(hidden).toBeVisible();
	await expect(alice.message("hear me all the same")).toHaveCount(0);
	await noViolations(alice.page);
	await alice.page.getByRole("button", { name: "Show the message of Bob" }).press("Enter");
	await alice.sees("hear me all the same");

	await alice.opens("Bob");
	await expect(alice.page.getByRole("status", { name: "Read only" })).toContainText("You have blocked Bob.");
	await expect(alice.box).toHaveCount(0);
	await bob.opens("Alice");
	await bob.box.fill("let me in");
	await bob.box.press("Enter");
	await expect(bob.page.getByText("You can't write to this person.")).toBeVisible();

	await alice.page.goto("/blocked");
	await expect(alice.page.getByRole("list", { name: "Blocked people" })).toContainText(bob.username);
	await noViolations(alice.page);
	await alice.page.getByRole("button", { name: `Unblock ${bob.username}` }).click();
	await expect(alice.page.getByText("You have blocked nobody.")).toBeVisible();
});

test("somebody banned from a public room stays out until the ban is lifted", async ({ together }) => {
	const [alice, bob, room] = await together();
	await alice.details.open();
	await alice.details.bans("Bob");
	await expect(bob.page.getByRole("heading", { name: `You are no longer in ${room}` })).toBeVisible();
	await bob.page.getByRole("button", { name: "Browse" }).click();
	await bob.page.getByRole("textbox", { name: "Search rooms" }).fill(room);
	await bob.page.getByRole("button", { name: `Join ${room}` }).click();
	await expect(bob.page.getByRole("alert")).toContainText("You were banned from this room.");
	await noViolations(alice.page);

	await alice.details.kept("Banned", bob.username).getByRole("button", { name: "Lift the ban" }).click();
	await expect(alice.details.kept("Banned", bob.username)).toHaveCount(0);
	await bob.page.getByRole("button", { name: `Join ${room}` }).click();
	await expect(bob.page.getByRole("heading", { name: room, level: 1 })).toBeVisible();
});
