import { expect, roomName, test } from "../fixtures/chat-world";
import { Keyboard } from "../pages/keyboard";

test("the whole story with the keyboard alone, from the login to goodbye", async ({ enters }) => {
	test.setTimeout(120_000);
	const [alice, bob] = [await enters("Alice"), await enters("Bob")];
	const room = roomName();
	await alice.makesARoom(room);
	await alice.says("who is up here?");
	await bob.signsOut();

	const keys = new Keyboard(bob.page);
	await keys.goesTo("textbox", "Username");
	await keys.types(bob.account.username);
	await keys.goesTo("textbox", "Password");
	await keys.types(bob.account.password);
	await keys.presses("Enter");
	await bob.is("Live");

	// into a room
	await keys.goesTo("button", "Browse");
	await keys.presses("Enter");
	await keys.goesTo("textbox", "Search rooms");
	await keys.types(room);
	await keys.goesTo("button", `Join ${room}`);
	await keys.presses("Enter");
	await bob.sees("who is up here?");

	// the text field has the focus already
	await expect(bob.box).toBeFocused();
	await keys.types("I am.");
	await keys.presses("Shift+Enter");
	await keys.types("On the ridge");
	await keys.presses("Enter");
	await alice.sees("On the ridge");

	// changes the last message
	await keys.presses("ArrowUp");
	await expect(bob.page.getByRole("textbox", { name: "Edit the message" })).toBeFocused();
	await keys.presses("Control+A");
	await keys.types("On the summit");
	await keys.presses("Enter");
	await alice.sees("On the summit");
	await expect(bob.box).toBeFocused();

	// back to what alice has said, and answers it with an emoji
	await keys.goesBackTo("article", "Message of Bob");
	await keys.presses("ArrowUp");
	await expect(bob.message("who is up here?")).toBeFocused();
	await keys.goesTo("button", "React");
	await keys.presses("Enter");
	await keys.goesTo("button", "React with 🎉");
	await keys.presses("Enter");
	await alice.seesReaction("🎉", 1, "who is up here?");

	// names alice, from the list
	await keys.goesTo("textbox", "Message");
	await keys.types(`@${alice.username.slice(0, 6)}`);
	await expect(bob.page.getByRole("option", { name: `@${alice.username}` })).toBeVisible();
	await keys.presses("Tab");
	await keys.types("come");
	await keys.presses("Enter");
	await alice.sees(`@${alice.username} come`);

	// a direct message
	await keys.goesBackTo("link", "Find somebody");
	await keys.presses("Enter");
	await keys.goesTo("textbox", "Search people");
	await keys.types(alice.username);
	await keys.goesTo("button", `Write to ${alice.username}`);
	await keys.presses("Enter");
	await expect(bob.box).toBeFocused();
	await keys.types("only for you");
	await keys.presses("Enter");
	await expect(alice.unread("Bob")).toHaveText("1");

	// leaves the room
	await keys.goesBackTo("link", room);
	await keys.presses("Enter");
	await expect(bob.box).toBeFocused();
	await keys.goesBackTo("button", "2 members");
	await keys.presses("Enter");
	await keys.goesTo("button", "Leave the room");
	await keys.presses("Enter");
	await expect(bob.page.getByRole("button", { name: "Stay" })).toBeFocused();
	await keys.goesBackTo("button", `Leave ${room}`);
	await keys.presses("Enter");
	await expect(bob.room(room)).toHaveCount(0);

	// and goodbye
	await keys.goesBackTo("button", `Account: ${bob.username}`);
	await keys.presses("Enter");
	await keys.goesTo("button", "Sign out");
	await keys.presses("Enter");
	await expect(bob.page.getByRole("heading", { name: "Sign in to Yodel" })).toBeVisible();
});
