import { randomUUID } from "node:crypto";
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "../fixtures/world";

for (const scheme of ["light", "dark"] as const) {
	test(`nothing serious stands in anybody's way, ${scheme}`, async ({ signIn, page }) => {
		await page.emulateMedia({ colorScheme: scheme });
		await page.goto("/");
		await expect(page.getByRole("heading", { name: "Sign in to Yodel" })).toBeVisible();
		const login = await new AxeBuilder({ page }).analyze();
		expect(login.violations.filter(serious)).toEqual([]);
		const alice = await signIn("alice");
		await alice.page.emulateMedia({ colorScheme: scheme });
		const hello = randomUUID();
		await alice.broadcasts(hello);
		await alice.sees("alice", hello);
		const demo = await new AxeBuilder({ page: alice.page }).analyze();
		expect(demo.violations.filter(serious)).toEqual([]);
		for (const name of ["Lobby", "Lab"]) {
			await alice.page.getByRole("link", { name, exact: true }).click();
			if (name === "Lobby") await alice.isLive();
			const found = await new AxeBuilder({ page: alice.page }).analyze();
			expect(found.violations.filter(serious), name).toEqual([]);
		}
	});
}

const serious = (violation: { impact?: string | null }) =>
	violation.impact === "serious" || violation.impact === "critical";
