import type { Browser } from "@playwright/test";
import { answersInstead } from "../fixtures/calls";
import { expect, testWithServer as test } from "../fixtures/chat-world";
import { ownServer } from "../fixtures/own-server";
import { picture } from "../fixtures/picture";
import type { Chat } from "../pages/chat";
import { chatSights } from "../pages/chat-sights";
import { type Sight, shown } from "../pages/sights";

test.setTimeout(180_000);

test.describe("every sight of the chat", () => {
	const server = ownServer("for all");

	const take = async (browser: Browser, sight: Sight) => {
		const page = await shown(browser, server.address, sight);
		await picture(page, `chat ${sight.name}`);
		await page.context().close();
	};
	for (const sight of chatSights) test(sight.name, ({ browser }) => take(browser, sight));
});

/** A conversation with something of everything in it. */
async function talks(alice: Chat, bob: Chat): Promise<void> {
	await alice.says(
		"Good morning. Is the **pass** open? The forecast says:\n- snow above 1,800 m\n- wind from the west",
	);
	await bob.says(`It is closed, @${alice.username}. \`opens at 10\`, they say: https://example.com/pass`);
	await bob.says("A long answer, so that it breaks into several lines on a phone: take the train instead.");
	await alice.reacts("👍", "It is closed");
	await bob.reacts("🎉", "Good morning");
	await alice.says("The 9.32 then.");
	await alice.editsTheLast("The 10.32 then.");
	await bob.sees("The 10.32 then.");
}

test("a conversation in every state that the chat can be in", async ({ enters, together, administrator }) => {
	const [alice, bob, room] = await together();
	await picture(alice.page, "chat empty room");
	await talks(alice, bob);
	await bob.box.pressSequentially("I come with");
	await expect(alice.typing).toContainText("Bob");
	await picture(alice.page, "chat talk, somebody writes");
	await bob.box.fill("");

	const carol = await enters("Carol");
	await carol.writesTo(alice.account);
	await picture(carol.page, "chat direct, empty");
	await carol.says("Do you have a minute?");
	await expect(alice.unread("Carol")).toBeVisible();
	await picture(alice.page, "chat unread");
	await alice.opens("Carol");
	await alice.says("For you, always.");
	await picture(alice.page, "chat direct");

	const admin = await administrator();
	await admin.announces("The kitchen is open.");
	await expect(alice.announcement).toBeVisible();
	await picture(alice.page, "chat announcement");

	await alice.opens(room);
	await alice.details.open();
	await alice.details.archives(room);
	await expect(bob.page.getByText(/archived/i).first()).toBeVisible();
	await picture(bob.page, "chat read-only");
});

test("invitations, blocks and bans", async ({ together, enters }) => {
	const [alice, bob, room] = await together();
	const carol = await enters("Carol");
	await carol.makesARoom("Only among us", { kind: "Only by invitation", topic: "What is not for everybody" });
	await carol.details.open();
	await carol.details.invites(alice.username);
	await expect(carol.details.kept("Invited", alice.username)).toBeVisible();
	await picture(carol.page, "chat details, invited");
	await expect(alice.invitations).toBeVisible();
	await picture(alice.page, "chat invitation");
	await alice.page.setViewportSize({ width: 320, height: 800 });
	await alice.page.goto("/");
	await expect(alice.invitations).toBeVisible();
	await picture(alice.page, "chat rail with an invitation");

	await bob.writesTo(alice.account);
	await bob.says("Hello you.");
	await bob.opens(room);
	await bob.says("Hear me all the same.");
	await alice.finds(bob.account);
	await alice.page.getByRole("button", { name: `Block ${bob.username}` }).click();
	await picture(alice.page, "chat block, asked");
	await alice.page.getByRole("dialog").getByRole("button", { name: "Block" }).click();
	await expect(alice.page.getByRole("button", { name: `Unblock ${bob.username}` })).toBeVisible();
	await picture(alice.page, "chat people, one blocked");
	await alice.opens(room);
	await picture(alice.page, "chat message of somebody blocked");
	await alice.opens("Bob");
	await picture(alice.page, "chat direct, blocked");
	await alice.page.goto("/blocked");
	await expect(alice.page.getByRole("list", { name: "Blocked people" })).toContainText("Bob");
	await picture(alice.page, "chat blocked people");

	await alice.page.goto("/");
	await alice.opens(room);
	await alice.details.open();
	await alice.details.panel.getByRole("button", { name: "Manage Bob" }).click();
	await alice.details.panel.getByRole("button", { name: "Ban from the room" }).click();
	await picture(alice.page, "chat ban, asked");
	await alice.details.panel.getByRole("button", { name: "Ban Bob" }).click();
	await expect(alice.details.kept("Banned", bob.username)).toBeVisible();
	await picture(alice.page, "chat details, banned");
});

test("a message about to be taken back, and messages that can't be read", async ({ together }) => {
	const [alice] = await together();
	await alice.says("This was too much.");
	await alice.does("Delete", "This was too much.");
	await picture(alice.page, "chat delete, asked");
	await answersInstead(alice.page, "room.history", { code: 100, message: "internal server error" });
	await alice.page.reload();
	await expect(alice.page.getByText("The messages could not be read.")).toBeVisible();
	await picture(alice.page, "chat history, failed");
});

test("a message that is not taken stays and says why", async ({ together }) => {
	const [alice] = await together();
	await answersInstead(alice.page, "message.send", { code: 103, message: "permission denied" });
	await alice.page.reload();
	await alice.is("Live");
	await alice.says("This is refused.");
	await expect(alice.page.getByRole("article", { name: "Not sent" })).toBeVisible();
	await picture(alice.page, "chat message, refused");
});

test("the first load of a room takes its time", async ({ together }) => {
	const [alice] = await together();
	await answersInstead(alice.page, "room.history", "nothing");
	await alice.page.reload();
	await alice.is("Live");
	await expect(alice.page.getByRole("img", { name: "Loading the messages" })).toBeVisible();
	await picture(alice.page, "chat loading");
});

test("waiting for the server, and signed out elsewhere", async ({ enters, entersAgain, yodel }) => {
	const alice = await enters("Alice");
	await alice.makesARoom("weather");
	await alice.says("Good morning.");
	await alice.sees("Good morning.");
	const phone = await entersAgain(alice);
	await yodel.stop();
	await alice.is(/Back in|Connecting/);
	await alice.says("Is anybody there?");
	await picture(alice.page, "chat recovering");
	await yodel.start();
	await alice.is("Live");
	await phone.is("Live");
	await phone.page.evaluate(() => fetch("/api/sessions", { method: "DELETE" }));
	await alice.is("Signed out on another device");
	await picture(alice.page, "chat refused");
});
