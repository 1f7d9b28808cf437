import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures/world";
import { signsOut } from "../pages/account";

async function entersTheLobby(page: Page, carrier = "Cookie", encoding = "JSON"): Promise<void> {
	await page.goto("/lobby");
	await page.getByRole("combobox", { name: "Carrier" }).selectOption(carrier);
	await page.getByRole("combobox", { name: "Encoding" }).selectOption(encoding);
	await expect(page.getByRole("status", { name: "Connection" })).toHaveText("Live");
}

async function says(page: Page, text: string): Promise<void> {
	await page.getByRole("textbox", { name: "Message" }).fill(text);
	await page.getByRole("button", { name: "Send" }).click();
}

const heard = (page: Page, text: string) =>
	page.getByRole("log", { name: "Lobby" }).getByRole("listitem").filter({ hasText: text });

for (const [carrier, encoding] of [
	["Cookie", "JSON"],
	["Ticket", "protobuf"],
	["Ticket, then token", "JSON"],
	["Query", "protobuf"],
	["Subprotocol", "JSON"],
	["Subprotocol", "protobuf"],
] as const) {
	test(`two people talk in the lobby, one by ${carrier} in ${encoding}`, async ({ signIn }) => {
		const [alice, bob] = [await signIn("alice"), await signIn("bob")];
		await entersTheLobby(alice.page, carrier, encoding);
		await entersTheLobby(bob.page);
		await expect(bob.page.getByRole("region", { name: "Here now" }).getByText("alice")).toBeVisible();
		const [hello, answer] = [randomUUID(), randomUUID()];
		await says(alice.page, hello);
		await expect(heard(bob.page, hello)).toHaveCount(1);
		await says(bob.page, answer);
		await expect(heard(alice.page, answer)).toHaveCount(1);
		await expect(heard(alice.page, hello)).toHaveCount(1);
	});
}

test("whoever comes later reads what was said before", async ({ signIn }) => {
	const alice = await signIn("alice");
	await entersTheLobby(alice.page);
	const text = randomUUID();
	await says(alice.page, text);
	await expect(heard(alice.page, text)).toHaveCount(1);
	const bob = await signIn("bob");
	await entersTheLobby(bob.page);
	await expect(heard(bob.page, text)).toHaveCount(1);
});

test("signing out elsewhere ends the lobby and says so", async ({ signIn }) => {
	const alice = await signIn("alice");
	await entersTheLobby(alice.page);
	const other = await alice.context.newPage();
	await other.goto("/");
	await signsOut(other);
	await expect(alice.page.getByRole("alert")).toContainText("signed out");
});
