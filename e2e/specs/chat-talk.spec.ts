import { expect, test } from "../fixtures/chat-world";

test("one sends, the other reacts and takes it back; both see the same", async ({ together }) => {
	const [alice, bob] = await together();
	await alice.says("the snow is good");
	await alice.sees("the snow is good");
	await bob.sees("the snow is good");

	await bob.reacts("🎉", "the snow is good");
	await alice.seesReaction("🎉", 1, "the snow is good");
	await alice.message("the snow is good").getByRole("button", { name: "🎉 1" }).click();
	await bob.seesReaction("🎉", 2, "the snow is good");
	await bob.message("the snow is good").getByRole("button", { name: "🎉 2" }).click();
	await alice.seesReaction("🎉", 1, "the snow is good");
});

test("who changes a message or takes it back changes it for everybody", async ({ together }) => {
	const [alice, bob] = await together();
	await alice.says("at sevn");
	await bob.sees("at sevn");
	await alice.editsTheLast("at seven");
	await bob.sees("at seven");
	await expect(bob.message("at sevn")).toHaveCount(0);
	await expect(bob.message("at seven")).toContainText("edited");

	await alice.deletes("at seven");
	await bob.sees("This message was deleted.");
	await expect(bob.message("at seven")).toHaveCount(0);
});

test("nobody can change what somebody else said, and owners can take it away", async ({ together }) => {
	const [alice, bob] = await together();
	await bob.says("buy my goats");
	await alice.sees("buy my goats");
	await alice.message("buy my goats").hover();
	await expect(alice.message("buy my goats").getByRole("button", { name: "Edit" })).toHaveCount(0);
	await alice.deletes("buy my goats");
	await bob.sees("This message was deleted.");

	await alice.says("no trade here");
	await bob.message("no trade here").hover();
	await expect(bob.message("no trade here").getByRole("button", { name: "Delete" })).toHaveCount(0);
});

test("who is named with an @ is told so in the list of rooms", async ({ together, enters }) => {
	const [alice, bob, room] = await together();
	const carol = await enters("Carol");
	await bob.writesTo(carol.account);
	await alice.box.pressSequentially(`@${bob.username.slice(0, 7)}`);
	await expect(alice.page.getByRole("option", { name: `@${bob.username} Bob` })).toBeVisible();
	await alice.box.press("Enter");
	await expect(alice.box).toHaveValue(`@${bob.username} `);
	await alice.box.pressSequentially("come up");
	await alice.box.press("Enter");
	await expect(bob.unread(room)).toHaveText("@1");
	await bob.opens(room);
	await expect(bob.unread(room)).toHaveCount(0);
});

test("who writes is seen writing until the message is there, and again at the next", async ({ together }) => {
	const [alice, bob] = await together();
	await bob.box.pressSequentially("hm");
	await expect(alice.typing).toHaveText("Bob is writing");
	await bob.box.press("Enter");
	await alice.sees("hm");
	await expect(alice.typing).toBeEmpty();
	await bob.box.pressSequentially("and");
	await expect(alice.typing).toHaveText("Bob is writing");
});

test("who comes is seen as online, and who goes as away", async ({ together }) => {
	const [alice, bob] = await together();
	await alice.writesTo(bob.account);
	await expect(alice.room("Bob").getByRole("img", { name: "online" })).toBeVisible();
	await bob.page.close();
	await expect(alice.room("Bob").getByRole("img", { name: "away" })).toBeVisible();
});

test("a text that is too long is kept whole, and says by how much", async ({ together }) => {
	const [alice, bob] = await together();
	await alice.box.fill("🏔".repeat(10_000));
	await alice.box.press("Enter");
	await expect(alice.page.getByRole("status", { name: "Length" })).toHaveText(
		"6,000 characters too many. Shorten it, or send it in parts.",
	);
	await alice.box.fill("🏔".repeat(4000));
	await alice.box.press("Enter");
	await bob.sees("🏔".repeat(4000));
});
