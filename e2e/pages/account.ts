import type { Page } from "@playwright/test";

/** Opens the menu of the account in the header. */
export async function opensTheAccountMenu(page: Page): Promise<void> {
	await page.getByRole("button", { name: /^Account:/ }).click();
}

/** Signs out by the menu of the account. */
export async function signsOut(page: Page): Promise<void> {
	await opensTheAccountMenu(page);
	await page.getByRole("navigation", { name: "Account" }).getByRole("button", { name: "Sign out" }).click();
}
