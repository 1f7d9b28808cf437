import { expect, testWithServer as test } from "../fixtures/chat-world";
import { signsOut } from "../pages/account";

test("signed out everywhere: the other device says so, and leads to the login", async ({ enters, entersAgain }) => {
	const alice = await enters("Alice");
	const phone = await entersAgain(alice);
	await alice.page.evaluate(() => fetch("/api/sessions", { method: "DELETE" }));
	await phone.is("Signed out on another device");
	await phone.page.getByRole("button", { name: "Sign in", exact: true }).click();
	await phone.signsIn();
});

test("signed out in another tab: no other device is blamed", async ({ enters }) => {
	const alice = await enters("Alice");
	const tab = await alice.otherTab();
	await tab.signsOut();
	await alice.is("Signed out");
});

test("who can't be signed out because the server is away is told so, and can when it is back", async ({
	enters,
	yodel,
}) => {
	const alice = await enters("Alice");
	await yodel.stop();
	await signsOut(alice.page);
	const menu = alice.page.getByRole("navigation", { name: "Account" });
	await expect(menu.getByRole("alert")).toContainText("You are still signed in.");
	await yodel.start();
	await menu.getByRole("button", { name: "Sign out" }).click();
	await expect(alice.page.getByRole("heading", { name: "Sign in to Yodel" })).toBeVisible();
	await alice.page.reload();
	await expect(alice.page.getByRole("heading", { name: "Sign in to Yodel" })).toBeVisible();
});

test("another role takes effect at once, in the page too", async ({ enters, administrator }) => {
	const alice = await enters("Alice");
	const admin = await administrator();
	await expect(alice.page.getByRole("button", { name: "Tell everybody" })).toHaveCount(0);
	await admin.page.evaluate(async (username) => {
		const found = await (await fetch(`/api/admin/users?query=${username}`)).json();
		const answer = await fetch(`/api/admin/users/${found.users[0].id}/role`, {
			method: "PUT",
			headers: { "Content-Type": "application/json" },
			body: JSON.stringify({ role: "moderator" }),
		});
		await answer.text(); // whoever looks for secrets waits for the end of every answer
	}, alice.username);
	await expect(alice.page.getByRole("button", { name: "Tell everybody" })).toBeVisible();
});

test.describe("a login that lasts eight seconds", () => {
	test.use({ args: ["--access-life", "8s"] });

	test("expired: who stays goes on talking on the same connection", async ({ together }) => {
		test.setTimeout(60_000);
		const [alice, bob] = await together();
		const renewals: string[] = [];
		alice.page.on("response", (answer) => {
			if (answer.url().endsWith("/api/refresh") && answer.ok()) renewals.push(answer.url());
		});
		await alice.says("before");
		await expect.poll(() => renewals.length, { timeout: 40_000 }).toBeGreaterThanOrEqual(3);
		await alice.says("after");
		await bob.sees("after");
		await alice.is("Live");
	});

	test("expired and not to be refreshed: the page says so, and what was written is there again", async ({
		together,
	}) => {
		test.setTimeout(60_000);
		const [alice, , room] = await together();
		await alice.box.fill("half a thou");
		await alice.page.context().clearCookies();
		await expect(alice.connection).toHaveText("Signed out", { timeout: 20_000 });
		await alice.page.getByRole("button", { name: "Sign in", exact: true }).click();
		await alice.signsIn();
		await alice.opens(room);
		await expect(alice.box).toHaveValue("half a thou");
	});
});
