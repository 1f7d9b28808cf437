import { LeakGate, leaksIn } from "../fixtures/leaks";
import { expect, test } from "../fixtures/world";

test("the gate finds a leak that was seeded on purpose", async ({ browser, baseURL, ignoreHTTPSErrors }) => {
	const context = await browser.newContext({ baseURL: baseURL ?? "", ignoreHTTPSErrors: ignoreHTTPSErrors ?? false });
	const gate = new LeakGate(context);
	const page = await context.newPage();
	await page.goto("/");
	const login = { data: { username: "bob", password: "bob-yodel-demo" }, headers: { Origin: baseURL ?? "" } };
	expect((await page.request.post("/api/login", login)).status()).toBe(200);
	await page.evaluate(async () => {
		const { token } = await (await fetch("/api/token", { method: "POST" })).json();
		localStorage.setItem("kept", token);
		console.log(`debug: ${token}`);
	});
	const leaks = await gate.leaks();
	expect(leaks).toContain("a secret stands in the browser's storage");
	expect(leaks).toContain("a secret stands in the console");
	await context.close();
});

test("the gate finds a secret in every form", () => {
	const secret = "head.payload-of-it.signature-of-it";
	for (const leak of [
		secret,
		"signature-of-it",
		Buffer.from(secret).toString("hex"),
		Buffer.from(secret).toString("base64url"),
	])
		expect(leaksIn(new Map([["a log", `before ${leak} after`]]), [secret])).toEqual(["a secret stands in a log"]);
	expect(leaksIn(new Map([["a log", "nothing"]]), [secret])).toEqual([]);
});
