import { type Browser, expect, type Page } from "@playwright/test";

/** Somebody with an invitation and without an account. */
export class Newcomer {
	private constructor(readonly page: Page) {}

	static async opens(browser: Browser, link: string): Promise<Newcomer> {
		const newcomer = new Newcomer(await browser.newPage());
		await newcomer.page.goto(link);
		await expect(newcomer.page.getByRole("heading", { name: "Join Yodel" })).toBeVisible();
		return newcomer;
	}

	async joinsAs(username: string): Promise<void> {
		await this.page.getByLabel("Username").fill(username);
		await this.page.getByLabel("Password").fill("a good password");
		await this.page.getByRole("button", { name: "Make the account" }).click();
	}

	isIn(username: string): Promise<void> {
		return expect(this.page.getByRole("button", { name: `Account: ${username}` })).toBeVisible();
	}

	isTold(sentence: string | RegExp): Promise<void> {
		return expect(this.page.getByRole("alert")).toContainText(sentence);
	}
}
