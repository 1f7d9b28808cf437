import { type Browser, expect, type Locator, type Page } from "@playwright/test";

/** Somebody who is signed in, on one device of theirs. */
export class Member {
	constructor(
		readonly name: string,
		readonly page: Page,
	) {}

	/** Signs one of the demo's people in, in a browser of their own, and opens a page of the chat. */
	static async at(browser: Browser, address: string, name: string, path: string): Promise<Member> {
		const context = await browser.newContext({ baseURL: address });
		const member = new Member(name, await context.newPage());
		await member.page.request.post("/api/login", { data: { username: name, password: `${name}-yodel-demo` } });
		await member.page.goto(path);
		await member.isLive();
		return member;
	}

	isLive(): Promise<void> {
		return expect(this.page.getByRole("status", { name: "Connection" })).toHaveText("Live");
	}

	get alert(): Locator {
		return this.page.getByRole("alert").filter({ hasText: /./ });
	}

	/** The links between the pages, in the header. */
	link(name: string): Locator {
		return this.page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name });
	}

	/** Opens another page without loading the document anew. */
	async goesTo(name: string): Promise<void> {
		await this.page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name }).click();
		await expect(this.page.getByRole("heading", { level: 1, name })).toBeVisible();
	}

	/** Says yes to what the open dialog asks; returns what it said would end. */
	async confirms(action: string): Promise<string> {
		const dialog = this.page.getByRole("dialog").last();
		const told = await dialog.innerText();
		await dialog.getByRole("button", { name: action, exact: true }).click();
		return told;
	}

	close(): Promise<void> {
		return this.page.context().close();
	}
}
