import { expect, type Locator, type Page } from "@playwright/test";

/** What stands beside a conversation: what the room is, and who is in it. */
export class RoomDetails {
	constructor(readonly page: Page) {}

	get panel(): Locator {
		return this.page.getByRole("complementary", { name: "Details of the room" });
	}

	async open(): Promise<void> {
		await this.page.getByRole("button", { name: /^(\d+ members?|About)$/ }).click();
		await expect(this.panel).toBeVisible();
	}

	member(name: string): Locator {
		return this.panel.getByRole("list", { name: "Members" }).getByRole("listitem").filter({ hasText: name });
	}

	async renames(name: string, topic: string): Promise<void> {
		await this.panel.getByRole("button", { name: "Change name or topic" }).click();
		await this.panel.getByRole("textbox", { name: "Name", exact: true }).fill(name);
		await this.panel.getByRole("textbox", { name: "Topic" }).fill(topic);
		await this.panel.getByRole("button", { name: "Save" }).click();
		await expect(this.page.getByRole("heading", { name, level: 1 })).toBeVisible();
	}

	async invites(username: string): Promise<void> {
		await this.panel.getByRole("textbox", { name: "Username to invite" }).fill(username);
		await this.panel.getByRole("button", { name: "Invite" }).click();
		await expect(this.panel.getByRole("status", { name: "Invited" })).toContainText("was invited");
	}

	async makes(name: string, role: string): Promise<void> {
		await this.panel.getByRole("button", { name: `Manage ${name}` }).click();
		await this.panel.getByRole("combobox", { name: `Role of ${name}` }).selectOption(role);
		await expect(this.member(name)).toContainText(`, ${role}`);
		await this.panel.getByRole("button", { name: `Manage ${name}` }).click();
	}

	async removes(name: string): Promise<void> {
		await this.panel.getByRole("button", { name: `Manage ${name}` }).click();
		await this.panel.getByRole("button", { name: "Remove from the room" }).click();
		await this.panel.getByRole("button", { name: `Remove ${name}` }).click();
		await expect(this.member(name)).toHaveCount(0);
	}

	async bans(name: string): Promise<void> {
		await this.panel.getByRole("button", { name: `Manage ${name}` }).click();
		await this.panel.getByRole("button", { name: "Ban from the room" }).click();
		await this.panel.getByRole("button", { name: `Ban ${name}` }).click();
		await expect(this.member(name)).toHaveCount(0);
	}

	/** People whom the room keeps in mind: those who are invited, or banned. */
	kept(list: "Invited" | "Banned", username: string): Locator {
		return this.panel.getByRole("list", { name: list }).getByRole("listitem").filter({ hasText: username });
	}

	async archives(room: string): Promise<void> {
		await this.panel.getByRole("button", { name: "Archive the room" }).click();
		await this.panel.getByRole("button", { name: `Archive ${room}` }).click();
	}

	async leaves(room: string): Promise<void> {
		await this.panel.getByRole("button", { name: "Leave the room" }).click();
		await this.panel.getByRole("button", { name: `Leave ${room}` }).click();
	}
}
