import { expect, roomName, test } from "../fixtures/chat-world";

test("an owner renames a room, and everybody in it sees the new name and topic", async ({ together }) => {
	const [alice, bob] = await together();
	const renamed = roomName();
	await alice.details.open();
	await alice.details.renames(renamed, "What the weather does");
	await expect(bob.page.getByRole("heading", { name: renamed, level: 1 })).toBeVisible();
	await expect(bob.page.getByText("What the weather does")).toBeVisible();
	await expect(bob.room(renamed)).toBeVisible();
	await bob.details.open();
	await expect(bob.details.panel.getByRole("button", { name: "Change name or topic" })).toHaveCount(0);
});

test("a name that is taken is refused with a sentence, and what was written stays", async ({ together }) => {
	const [alice, , room] = await together();
	await alice.makesARoom(roomName());
	await alice.details.open();
	await alice.details.panel.getByRole("button", { name: "Change name or topic" }).click();
	await alice.details.panel.getByRole("textbox", { name: "Name", exact: true }).fill(room);
	await alice.details.panel.getByRole("button", { name: "Save" }).click();
	await expect(alice.details.panel.getByRole("alert")).toHaveText("There is a room of that name already.");
	await expect(alice.details.panel.getByRole("textbox", { name: "Name", exact: true })).toHaveValue(room);
});

test("somebody invited is in when they accept; somebody removed is out at once and is told so", async ({ enters }) => {
	const [alice, bob] = [await enters("Alice"), await enters("Bob")];
	const room = roomName();
	await alice.makesARoom(room, { kind: "Only by invitation" });
	await alice.says("only among us");
	await alice.details.open();
	await alice.details.invites(bob.username);
	await bob.accepts(room);
	await bob.sees("only among us");

	await alice.details.removes("Bob");
	await expect(bob.page.getByRole("heading", { name: `You are no longer in ${room}` })).toBeVisible();
	await expect(bob.room(room)).toHaveCount(0);
	await expect(bob.page.getByText("only among us")).toHaveCount(0);
});

test("a moderator of a room can remove members, and nobody who stands higher", async ({ together, enters }) => {
	const [alice, bob, room] = await together();
	const carol = await enters("Carol");
	await carol.joins(room);
	await alice.details.open();
	await alice.details.makes("Bob", "moderator");
	await bob.details.open();
	await expect(bob.details.panel.getByRole("button", { name: "Manage Alice" })).toHaveCount(0);
	await bob.details.removes("Carol");
	await expect(carol.page.getByRole("heading", { name: `You are no longer in ${room}` })).toBeVisible();
});

test("an archived room can be read, and nothing more can be written", async ({ together }) => {
	const [alice, bob, room] = await together();
	await alice.says("the last word");
	await alice.details.open();
	await alice.details.archives(room);
	for (const chat of [alice, bob]) {
		await expect(chat.page.getByRole("status", { name: "Read only" })).toContainText("This room was archived.");
		await expect(chat.box).toHaveCount(0);
		await chat.sees("the last word");
		await chat.message("the last word").hover();
		await expect(chat.message("the last word").getByRole("button", { name: "React" })).toHaveCount(0);
	}
});

test("a moderator tells everybody something, and who comes later is told as well", async ({ enters }) => {
	const text = `the pass is closed, says ${roomName()}`;
	const [mod, bob] = [await enters("Mod", "moderator"), await enters("Bob")];
	await expect(bob.page.getByRole("button", { name: "Tell everybody" })).toHaveCount(0);
	await mod.announces(text);
	await expect(bob.announcement).toContainText(text);
	const carol = await enters("Carol");
	await expect(carol.announcement).toContainText(text);
	await carol.announcement.getByRole("button", { name: "Put away" }).click();
	await carol.page.reload();
	await carol.is("Live");
	await expect(carol.page.getByText(text)).toHaveCount(0);
});
