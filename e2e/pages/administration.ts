import { type Browser, expect, type Locator } from "@playwright/test";
import { Member } from "./member";

/** An administrator at work. */
export class Administration {
	private constructor(readonly admin: Member) {}

	static async entered(browser: Browser, address: string): Promise<Administration> {
		return new Administration(await Member.at(browser, address, "admin", "/admin/users"));
	}

	/** The rows of the table on the page that have a text. */
	rows(text: string | RegExp): Locator {
		return this.admin.page.getByRole("grid").first().getByRole("row").filter({ hasText: text });
	}

	async gives(username: string, role: string): Promise<void> {
		await this.admin.goesTo("Users");
		await this.admin.page.getByRole("button", { name: `Manage ${username}` }).click();
		const sheet = this.admin.page.getByRole("dialog", { name: username });
		await sheet.getByRole("combobox", { name: "Role" }).selectOption(role);
		await expect(this.rows(username).filter({ hasText: role })).toBeAttached();
		await sheet.getByRole("button", { name: "Close" }).click();
	}

	/** Makes an invitation and returns its link. */
	async invites(note: string, role: string): Promise<string> {
		await this.admin.goesTo("Users");
		const form = this.admin.page.getByRole("form", { name: "Invite somebody" });
		await form.getByRole("textbox", { name: "For" }).fill(note);
		await form.getByRole("combobox", { name: "Role" }).selectOption(role);
		await form.getByRole("button", { name: "Make a link" }).click();
		return form.getByRole("textbox", { name: /Send this link/ }).inputValue();
	}

	/** Ends the connection of somebody, or the login behind it; returns what was said would end. */
	async ends(how: "Disconnect" | "Revoke", username: string): Promise<string> {
		await this.admin.goesTo("Connections");
		await this.admin.page.getByRole("button", { name: `${how} ${username}` }).click();
		return this.admin.confirms(how === "Revoke" ? "Sign out" : how);
	}

	/** The log has an entry with all of these words, newest first. */
	async auditShows(action: string, ...words: string[]): Promise<void> {
		await this.admin.goesTo("Audit log");
		await this.admin.page.getByRole("combobox", { name: "Action" }).selectOption({ label: action });
		let found = this.rows(action);
		for (const word of words) found = found.filter({ hasText: word });
		await expect(found.first()).toBeVisible();
	}
}
