import { expect, test } from "../fixtures/chat-world";

test("two people meet, talk in a room and in private, and say goodbye", async ({ together }) => {
	const [alice, bob, room] = await together();
	await bob.signsOut();
	await bob.signsIn();
	await bob.opens(room);

	await alice.says("the snow is good");
	await bob.sees("the snow is good");
	await bob.reacts("👍", "the snow is good");
	await alice.seesReaction("👍", 1, "the snow is good");
	await alice.editsTheLast("the snow is perfect");
	await bob.sees("the snow is perfect");
	await alice.deletes("the snow is perfect");
	await bob.sees("This message was deleted.");

	await bob.box.pressSequentially("hm");
	await expect(alice.typing).toContainText("Bob is writing");
	await bob.box.clear();

	await bob.writesTo(alice.account);
	await bob.says("only for you");
	await expect(alice.unread("Bob")).toHaveText("1");
	await alice.opens("Bob");
	await alice.sees("only for you");
	await expect(alice.unread("Bob")).toHaveCount(0);

	await bob.opens(room);
	await bob.says("goodbye");
	await bob.sees("goodbye");
	await bob.signsOut();
	await bob.page.goBack();
	await expect(bob.page.getByRole("heading", { name: "Sign in to Yodel" })).toBeVisible();
	await expect(bob.page.getByText("goodbye")).toHaveCount(0);
});
