import { expect, type Page } from "@playwright/test";

type Role = "button" | "link" | "textbox" | "article";

/** Somebody who has no pointer: everything is reached by Tab, and what has the focus shows it. */
export class Keyboard {
	constructor(private readonly page: Page) {}

	types(text: string): Promise<void> {
		return this.page.keyboard.type(text);
	}

	presses(key: string): Promise<void> {
		return this.page.keyboard.press(key);
	}

	goesTo(role: Role, name: string): Promise<void> {
		return this.#walk("Tab", role, name);
	}

	goesBackTo(role: Role, name: string): Promise<void> {
		return this.#walk("Shift+Tab", role, name);
	}

	/** Presses a key until something has the focus; once around the page is enough to know that it can't be reached. */
	async #walk(key: string, role: Role, name: string): Promise<void> {
		const wanted = this.page.getByRole(role, { name, exact: true }).first();
		await expect(wanted).toBeAttached();
		for (let step = 0; step < 200; step++) {
			if (await wanted.evaluate((element) => element === document.activeElement)) return this.#isSeen();
			await this.page.keyboard.press(key);
		}
		throw new Error(`the ${role} "${name}" can't be reached by ${key}`);
	}

	/** What has the focus has an outline, and lies in the window. */
	async #isSeen(): Promise<void> {
		const shown = await this.page.evaluate(() => {
			const at = document.activeElement;
			if (!at) return false;
			const { top, bottom } = at.getBoundingClientRect();
			return getComputedStyle(at).outlineStyle !== "none" && bottom > 0 && top < innerHeight;
		});
		expect(shown).toBe(true);
	}
}
