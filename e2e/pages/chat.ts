import { type BrowserContext, expect, type Locator, type Page } from "@playwright/test";
import type { Account } from "../fixtures/newcomers";
import { signsOut } from "./account";
import { RoomDetails } from "./room-details";

/** The chat, as somebody sees it in one tab. */
export class Chat {
	readonly details: RoomDetails;

	constructor(
		readonly account: Account,
		readonly page: Page,
	) {
		this.details = new RoomDetails(page);
	}

	/** Opens the chat in a browser in which somebody is signed in, and waits until it is live. */
	static async opened(context: BrowserContext, account: Account): Promise<Chat> {
		const chat = new Chat(account, await context.newPage());
		await chat.page.goto("/");
		await chat.is("Live");
		return chat;
	}

	get username(): string {
		return this.account.username;
	}

	async signsIn(): Promise<void> {
		await this.page.getByLabel("Username").fill(this.account.username);
		await this.page.getByLabel("Password").fill(this.account.password);
		await this.page.getByRole("button", { name: "Sign in" }).click();
		await this.is("Live");
	}

	async signsOut(): Promise<void> {
		await signsOut(this.page);
		await expect(this.page.getByRole("heading", { name: "Sign in to Yodel" })).toBeVisible();
	}

	/** Another tab of the same browser. */
	async otherTab(): Promise<Chat> {
		const other = new Chat(this.account, await this.page.context().newPage());
		await other.page.goto(this.page.url());
		await other.is("Live");
		return other;
	}

	get connection(): Locator {
		return this.page.getByRole("status", { name: "Connection" });
	}

	get box(): Locator {
		return this.page.getByRole("textbox", { name: "Message", exact: true });
	}

	get log(): Locator {
		return this.page.getByRole("log", { name: "Messages" });
	}

	is(state: string | RegExp): Promise<void> {
		return expect(this.connection).toHaveText(state);
	}

	/** A message with this text, as the server has it. */
	message(text: string): Locator {
		return this.log.getByRole("article", { name: /^Message of/ }).filter({ hasText: text });
	}

	/** A message with this text that the server does not have yet. */
	waiting(text: string): Locator {
		return this.log.getByRole("article", { name: "Waiting to send" }).filter({ hasText: text });
	}

	get rooms(): Locator {
		return this.page.getByRole("navigation", { name: "Rooms" });
	}

	room(name: string): Locator {
		return this.rooms.getByRole("link", { name });
	}

	/** How many messages of a room are unread, as the list of rooms says. */
	unread(name: string): Locator {
		return this.room(name).getByRole("img", { name: /unread$/ });
	}

	get typing(): Locator {
		return this.page.getByRole("status", { name: "Typing" });
	}

	get announcement(): Locator {
		return this.page.getByRole("status", { name: "Announcement" });
	}

	async opens(name: string): Promise<void> {
		await this.room(name).click();
		await expect(this.page.getByRole("heading", { name, level: 1 })).toBeVisible();
	}

	async makesARoom(name: string, { topic = "", kind = "Everybody may join" } = {}): Promise<void> {
		await this.page.getByRole("button", { name: "New room" }).click();
		await this.page.getByRole("textbox", { name: "Name" }).fill(name);
		await this.page.getByRole("textbox", { name: "Topic" }).fill(topic);
		await this.page.getByRole("radio", { name: kind }).check();
		await this.page.getByRole("button", { name: "Make the room" }).click();
		await expect(this.page.getByRole("heading", { name, level: 1 })).toBeVisible();
	}

	async joins(name: string): Promise<void> {
		await this.page.getByRole("button", { name: "Browse" }).click();
		await this.page.getByRole("textbox", { name: "Search rooms" }).fill(name);
		await this.page.getByRole("button", { name: `Join ${name}` }).click();
		await expect(this.page.getByRole("heading", { name, level: 1 })).toBeVisible();
	}

	async writesTo({ username, name }: Account): Promise<void> {
		await this.page.getByRole("link", { name: "Find somebody" }).click();
		await this.page.getByRole("textbox", { name: "Search people" }).fill(username);
		await this.page.getByRole("button", { name: `Write to ${username}` }).click();
		await expect(this.page.getByRole("heading", { name, level: 1 })).toBeVisible();
	}

	get invitations(): Locator {
		return this.rooms.getByRole("region", { name: "Invitations" });
	}

	async accepts(name: string): Promise<void> {
		await this.invitations.getByRole("button", { name: `Accept ${name}` }).click();
		await expect(this.page.getByRole("heading", { name, level: 1 })).toBeVisible();
	}

	/** Finds somebody on the page of people. */
	async finds({ username }: Account): Promise<void> {
		await this.page.getByRole("link", { name: "Find somebody" }).click();
		await this.page.getByRole("textbox", { name: "Search people" }).fill(username);
	}

	async blocks(account: Account): Promise<void> {
		await this.finds(account);
		await this.page.getByRole("button", { name: `Block ${account.username}` }).click();
		await this.page.getByRole("dialog").getByRole("button", { name: "Block" }).click();
		await expect(this.page.getByRole("button", { name: `Unblock ${account.username}` })).toBeVisible();
	}

	async announces(text: string): Promise<void> {
		await this.page.getByRole("button", { name: "Tell everybody" }).click();
		await this.page.getByRole("textbox", { name: "Announcement" }).fill(text);
		await this.page.getByRole("button", { name: "Announce", exact: true }).click();
		await expect(this.announcement).toContainText(text);
	}

	async says(text: string): Promise<void> {
		await this.box.fill(text);
		await this.box.press("Enter");
		await expect(this.box).toHaveValue("");
	}

	/** Sees a message once, and nothing of it in the outbox. */
	async sees(text: string): Promise<void> {
		await expect(this.message(text)).toHaveCount(1);
		await expect(this.waiting(text)).toHaveCount(0);
	}

	async does(action: "React" | "Edit" | "Delete", text: string): Promise<void> {
		const message = this.message(text);
		await message.hover();
		await message.getByRole("button", { name: action, exact: true }).click();
	}

	async reacts(emoji: string, text: string): Promise<void> {
		await this.does("React", text);
		await this.page.getByRole("button", { name: `React with ${emoji}` }).click();
		await this.seesReaction(emoji, 1, text);
	}

	seesReaction(emoji: string, count: number, text: string): Promise<void> {
		return expect(this.message(text).getByRole("button", { name: `${emoji} ${count}` })).toBeVisible();
	}

	/** Changes the last message of one's own, by the arrow key. */
	async editsTheLast(to: string): Promise<void> {
		await this.box.press("ArrowUp");
		const field = this.page.getByRole("textbox", { name: "Edit the message" });
		await field.fill(to);
		await field.press("Enter");
		await this.sees(to);
	}

	async deletes(text: string): Promise<void> {
		await this.does("Delete", text);
		await this.page.getByRole("button", { name: "Delete for everybody" }).click();
		await expect(this.message(text)).toHaveCount(0);
	}

	/** Everything that was said, in the order in which it stands there, as far as it is on the screen. */
	said(): Promise<string[]> {
		return this.log.locator(".message-body").allTextContents();
	}
}
