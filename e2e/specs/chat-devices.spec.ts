import { expect, test } from "../fixtures/chat-world";

test("a direct message is unread on both devices, until it is read on one", async ({ together, entersAgain }) => {
	const [alice, bob, room] = await together();
	const phone = await entersAgain(bob);
	await phone.opens(room);
	await alice.writesTo(bob.account);
	await alice.says("only for you");
	await expect(bob.unread("Alice")).toHaveText("1");
	await expect(phone.unread("Alice")).toHaveText("1");

	await bob.opens("Alice");
	await bob.sees("only for you");
	await expect(bob.unread("Alice")).toHaveCount(0);
	await expect(phone.unread("Alice")).toHaveCount(0);
});

test("what one says on one device is read on the other, and stands there as well", async ({
	together,
	entersAgain,
}) => {
	const [alice, bob, room] = await together();
	const phone = await entersAgain(alice);
	await phone.page.getByRole("link", { name: "Find somebody" }).click();
	await bob.says("who is up here?");
	await alice.sees("who is up here?");
	await alice.says("I am");
	await expect(phone.unread(room)).toHaveCount(0);
	await phone.opens(room);
	await phone.sees("I am");
});

test("a room that one makes or leaves on one device comes and goes on the other", async ({ enters, entersAgain }) => {
	const alice = await enters("Alice");
	const phone = await entersAgain(alice);
	const room = `hut of ${alice.username}`;
	await alice.makesARoom(room);
	await phone.opens(room);
	await alice.details.open();
	await alice.details.leaves(room);
	await expect(phone.page.getByRole("heading", { name: `You are no longer in ${room}` })).toBeVisible();
	await expect(phone.room(room)).toHaveCount(0);
});
