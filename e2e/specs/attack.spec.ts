import { createServer } from "node:http";
import AxeBuilder from "@axe-core/playwright";
import { freePort } from "../fixtures/server";
import { expect, test } from "../fixtures/world";

test("H001_a page on another origin opens no socket with the victim's cookie", async ({ signIn, baseURL }) => {
	const alice = await signIn("alice");
	const port = await freePort();
	const evil = createServer((_, response) => response.end("<!doctype html><title>evil</title>")).listen(
		port,
		"127.0.0.1",
	);
	try {
		const page = await alice.context.newPage();
		const url = `${baseURL?.replace(/^http/, "ws")}/ws/demo`;
		const attempt = () =>
			page.evaluate(
				(target) =>
					new Promise((resolve) => {
						const socket = new WebSocket(target);
						socket.onopen = () => resolve("open");
						socket.onclose = () => resolve("refused");
					}),
				url,
			);
		await page.goto(`http://127.0.0.1:${port}/`); // another port, but the same site: the cookie travels
		expect(await attempt()).toBe("refused");
		await page.goto("/");
		expect(await attempt()).toBe("open"); // the same browser, on the listed origin
	} finally {
		evil.close();
	}
});

for (const scheme of ["light", "dark"] as const) {
	test(`nothing serious stands in anybody's way, ${scheme}`, async ({ signIn, page }) => {
		await page.emulateMedia({ colorScheme: scheme });
		await page.goto("/");
		await expect(page.getByRole("heading", { name: "Sign in to Yodel" })).toBeVisible();
		const login = await new AxeBuilder({ page }).analyze();
		expect(login.violations.filter(serious)).toEqual([]);
		const alice = await signIn("alice");
		await alice.page.emulateMedia({ colorScheme: scheme });
		await alice.broadcasts("hello");
		await alice.sees("alice", "hello");
		const demo = await new AxeBuilder({ page: alice.page }).analyze();
		expect(demo.violations.filter(serious)).toEqual([]);
	});
}

const serious = (violation: { impact?: string | null }) =>
	violation.impact === "serious" || violation.impact === "critical";
