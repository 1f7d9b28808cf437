import { type BrowserContext, expect, type Page } from "@playwright/test";

/** One person in a browser of their own. */
export class Person {
	private constructor(
		readonly name: string,
		readonly context: BrowserContext,
		readonly page: Page,
	) {}

	/** Signs somebody in, on the page that shows the plain socket. */
	static async signedIn(context: BrowserContext, name: string): Promise<Person> {
		const person = new Person(name, context, await context.newPage());
		await person.page.goto("/demo");
		await person.signIn(`${name}-yodel-demo`);
		await person.isLive();
		return person;
	}

	async signIn(password: string): Promise<void> {
		await this.page.getByLabel("Username").fill(this.name);
		await this.page.getByLabel("Password").fill(password);
		await this.page.getByRole("button", { name: "Sign in" }).click();
	}

	async isLive(): Promise<void> {
		await expect(this.page.getByRole("status", { name: "Connection" })).toHaveText("Live");
	}

	async broadcasts(text: string): Promise<void> {
		await this.page.getByRole("radio", { name: "Broadcast" }).check();
		await this.sends(text);
	}

	async writesTo(name: string, text: string): Promise<void> {
		await this.page.getByRole("radio", { name: "Direct" }).check();
		await this.page.getByRole("textbox", { name: "To" }).fill(name);
		await this.sends(text);
	}

	async sees(from: string, text: string): Promise<void> {
		const line = this.page.getByRole("log", { name: "Messages" }).getByRole("listitem").filter({ hasText: text });
		await expect(line.filter({ hasText: "received" }).filter({ hasText: from })).toBeVisible();
	}

	async chooses(carrier: "Cookie" | "Ticket" | "Ticket, then token" | "Query" | "Subprotocol"): Promise<void> {
		await this.page.getByRole("radio", { name: carrier, exact: true }).check();
	}

	private async sends(text: string): Promise<void> {
		await this.page.getByRole("textbox", { name: "Message" }).fill(text);
		await this.page.getByRole("button", { name: "Send" }).click();
	}
}
