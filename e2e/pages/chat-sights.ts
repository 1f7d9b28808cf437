import type { Page } from "@playwright/test";
import { clicks, heading, type Sight, sees, then } from "./sights";

const opens = (room: string) =>
	then(
		(page) => page.getByRole("navigation", { name: "Rooms" }).getByRole("link", { name: room }).click(),
		heading(room),
		(page) => page.getByRole("article").first().waitFor(),
	);
const details = then(opens("general"), clicks(/members$/), clicks("Manage bob"));
const box = (page: Page) => page.getByRole("textbox", { name: "Message", exact: true });
const newest = (page: Page) => page.getByRole("article").last();
const touches = (name: string) => (page: Page) => newest(page).getByRole("button", { name }).click();

/** The chat in every state. Nothing is changed for those who look after. */
export const chatSights: Sight[] = [
	{ name: "a room", as: "alice", at: "/people", until: then(opens("general"), sees(/^everybody$/)) },
	{ name: "a room, its details", as: "bob", at: "/people", until: then(opens("general"), clicks(/members$/)) },
	{ name: "a room, managed", as: "admin", at: "/people", until: details },
	{
		name: "a room, somebody about to be removed",
		as: "admin",
		at: "/people",
		until: then(details, clicks("Remove from the room")),
	},
	{
		name: "a room, about to be archived",
		as: "admin",
		at: "/people",
		until: then(details, clicks("Archive the room"), sees("This can't be undone.")),
	},
	{
		name: "a room, its name being changed",
		as: "admin",
		at: "/people",
		until: then(details, clicks("Change name or topic")),
	},
	{
		name: "a message with its buttons",
		as: "bob",
		at: "/people",
		until: then(opens("random"), (page) => newest(page).focus(), touches("React")),
	},
	{
		name: "a message being changed",
		as: "bob",
		at: "/people",
		until: then(opens("random"), (page) => newest(page).focus(), touches("Edit")),
	},
	{
		name: "people to mention",
		as: "alice",
		at: "/people",
		until: then(
			opens("general"),
			(page) => box(page).pressSequentially("@b"),
			(page) => page.getByRole("option").waitFor(),
		),
	},
	{
		name: "a message that is too long",
		as: "alice",
		at: "/people",
		until: then(opens("general"), (page) => box(page).fill("y".repeat(10_000)), sees("6,000 characters too many.")),
	},
	{
		name: "offline, with a message that waits",
		as: "alice",
		at: "/people",
		until: then(
			opens("general"),
			(page) => page.context().setOffline(true),
			sees("Offline"),
			(page) => box(page).fill("from the tunnel"),
			(page) => box(page).press("Enter"),
			sees("Offline: 1 waiting to send"),
		),
	},
	{ name: "people", as: "alice", at: "/people", until: sees("@bob") },
	{
		name: "people, nobody found",
		as: "alice",
		at: "/people",
		until: then(
			(page) => page.getByRole("textbox", { name: "Search people" }).fill("nobody at all"),
			sees("Nobody has such a name."),
		),
	},
	{ name: "a new room", as: "alice", at: "/people", until: then(sees("@bob"), clicks("New room")) },
	{ name: "public rooms", as: "alice", at: "/people", until: then(clicks("Browse"), sees("Everything else")) },
	{ name: "an announcement being written", as: "admin", at: "/people", until: clicks("Tell everybody") },
	{ name: "a room that one is not in", as: "bob", at: "/rooms/nowhere", until: heading("You are not in this room") },
];
