import { ownServer } from "../fixtures/own-server";
import { expect, test } from "../fixtures/world";
import { announces, Lobby } from "../pages/lobby";

const yodel = ownServer("for each");

test("who types is seen typing by the others, until it is sent", async ({ signIn }) => {
	const alice = await Lobby.entered(await signIn("alice", yodel.address));
	const bob = await Lobby.entered(await signIn("bob", yodel.address));
	await expect(async () => {
		await alice.types("");
		await alice.types("hel"); // what is typed before the channel is live is shown to nobody
		await expect(bob.typing).toHaveText("alice is typing…", { timeout: 2000 });
	}).toPass();
	await expect(alice.typing).toHaveText("");
	await alice.says("hello");
	await expect(bob.typing).toHaveText("");
	await expect.poll(() => bob.heard()).toEqual(["hello"]);
});

test("who stops without sending is forgotten", async ({ signIn }) => {
	const alice = await Lobby.entered(await signIn("alice", yodel.address));
	const bob = await Lobby.entered(await signIn("bob", yodel.address));
	await expect(async () => {
		await alice.types("");
		await alice.types("hel");
		await expect(bob.typing).toHaveText("alice is typing…", { timeout: 2000 });
	}).toPass();
	await alice.page.close();
	await expect(bob.typing).toHaveText("", { timeout: 15_000 });
});

test("what a moderator announces is shown to everybody who is there", async ({ signIn }) => {
	const alice = await Lobby.entered(await signIn("alice", yodel.address));
	const admin = await signIn("admin", yodel.address);
	await announces(admin.page, "The kitchen is open.");
	await expect(alice.announcement).toContainText("The kitchen is open.");
	await alice.announcement.getByRole("button", { name: "Close" }).click();
	await expect(alice.announcement).toHaveCount(0);
});
