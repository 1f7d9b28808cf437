import { randomUUID } from "node:crypto";
import { expect, test } from "../fixtures/world";
import { signsOut } from "../pages/account";

test("Bob sees Alice's broadcast and her direct message", async ({ signIn }) => {
	const alice = await signIn("alice");
	const bob = await signIn("bob");
	const [hello, secret] = [randomUUID(), randomUUID()];
	await alice.broadcasts(hello);
	await bob.sees("alice", hello);
	await alice.sees("alice", hello);
	await alice.writesTo("bob", secret);
	await bob.sees("alice", secret);
});

test("a stranger without login gets nothing and no socket", async ({ page, baseURL }) => {
	await page.goto("/");
	await expect(page.getByRole("heading", { name: "Sign in to Yodel" })).toBeVisible();
	const outcome = await page.evaluate(
		(url) =>
			new Promise((resolve) => {
				const socket = new WebSocket(url);
				socket.onopen = () => resolve("open");
				socket.onclose = (event) => resolve(event.code);
			}),
		`${baseURL?.replace(/^http/, "ws")}/ws/demo`,
	);
	expect(outcome).toBe(1006);
});

test("a wrong password says so and keeps the door closed", async ({ page }) => {
	await page.goto("/");
	await page.getByLabel("Username").fill("alice");
	await page.getByLabel("Password").fill("not her password");
	await page.getByRole("button", { name: "Sign in" }).click();
	await expect(page.getByRole("alert")).toHaveText("That username and password don't match.");
});

for (const carrier of ["Query", "Subprotocol", "Cookie"] as const) {
	test(`the ${carrier} carrier connects and leaves no token behind in the page`, async ({ signIn }) => {
		const alice = await signIn("alice");
		const socket = alice.page.waitForEvent("websocket");
		await alice.chooses(carrier === "Cookie" ? "Query" : carrier);
		await socket;
		await alice.chooses(carrier);
		await alice.isLive();
		const text = randomUUID();
		await alice.broadcasts(text);
		await alice.sees("alice", text);
		const kept = await alice.page.evaluate(() =>
			JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, document.cookie]),
		);
		expect(kept).not.toContain("eyJ");
	});
}

test("signing out in one tab ends the socket of the other and says so", async ({ signIn }) => {
	const alice = await signIn("alice");
	const other = await alice.context.newPage();
	await other.goto("/");
	await expect(other.getByRole("status", { name: "Connection" })).toHaveText("Live");
	await signsOut(alice.page);
	await expect(alice.page.getByRole("heading", { name: "Sign in to Yodel" })).toBeVisible();
	await expect(other.getByRole("alert")).toContainText("You were signed out.");
	await other.getByRole("button", { name: "Sign in again" }).click();
	await expect(other.getByRole("heading", { name: "Sign in to Yodel" })).toBeVisible();
});
