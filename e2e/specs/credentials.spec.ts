import { randomUUID } from "node:crypto";
import { expect, test } from "../fixtures/world";

for (const carrier of ["Ticket", "Ticket, then token"] as const) {
	test(`the carrier "${carrier}" connects, talks, and leaves no secret in the page`, async ({ signIn }) => {
		const alice = await signIn("alice");
		await alice.chooses(carrier);
		await alice.isLive();
		const text = randomUUID();
		await alice.broadcasts(text);
		await alice.sees("alice", text);
		const kept = await alice.page.evaluate(() =>
			JSON.stringify([
				{ ...localStorage },
				{ ...sessionStorage },
				location.href,
				document.cookie,
				document.body.innerText,
			]),
		);
		expect(kept).not.toContain("eyJ");
		expect(kept).not.toMatch(/ticket=/);
	});
}

test("every reconnect takes a new ticket", async ({ signIn }) => {
	const alice = await signIn("alice");
	const tickets = new Set<string>();
	alice.page.on("websocket", (socket) => tickets.add(new URL(socket.url()).searchParams.get("ticket") ?? ""));
	await alice.chooses("Ticket");
	await alice.isLive();
	for (let i = 0; i < 5; i++) {
		const next = alice.page.waitForEvent("websocket");
		await alice.chooses("Cookie");
		await next;
		await alice.isLive();
		const again = alice.page.waitForEvent("websocket");
		await alice.chooses("Ticket");
		await again;
		await alice.isLive();
	}
	tickets.delete("");
	expect(tickets.size).toBe(6);
});

test("the lab opens a socket by each carrier and is refused where it should be", async ({ signIn }) => {
	const alice = await signIn("alice");
	await alice.page.goto("/lab");
	const rows = alice.page.getByRole("main").getByRole("listitem");
	for (const name of ["Cookie", "Ticket", "Ticket, then token", "Subprotocol", "Query"]) {
		const button = alice.page.getByRole("button", { name: `Try ${name}`, exact: true });
		await button.click();
		await expect(rows.filter({ has: button }).getByRole("status")).toContainText("✓ Open as alice");
	}
	const refusals: Record<string, string> = {
		"An altered token": "before the upgrade",
		"Two credentials at once": "before the upgrade",
		"A bearer entry alone": "before the upgrade",
		"A ticket that was used": "before the upgrade",
		"A bad token in the first message": "3500 invalid token",
	};
	for (const [name, outcome] of Object.entries(refusals)) {
		const button = alice.page.getByRole("button", { name: `Try ${name}`, exact: true });
		await button.click();
		const status = rows.filter({ has: button }).getByRole("status");
		await expect(status).toContainText("✕ Refused");
		await expect(status).toContainText(outcome);
	}
	await expect(alice.page.getByText("not what should happen")).toHaveCount(0);
	expect(await alice.page.content()).not.toContain("eyJ".padEnd(40, "."));
});

test("an access cookie that has ended is refreshed without anybody noticing", async ({ signIn }) => {
	const alice = await signIn("alice");
	await alice.context.clearCookies({ name: /yodel_access/ });
	await alice.page.reload();
	await alice.isLive();
	const text = randomUUID();
	await alice.broadcasts(text);
	await alice.sees("alice", text);
});

test("two tabs that refresh at once both stay signed in", async ({ signIn }) => {
	const alice = await signIn("alice");
	const other = await alice.context.newPage();
	await other.goto("/");
	await expect(other.getByRole("status", { name: "Connection" })).toHaveText("Live");
	await alice.context.clearCookies({ name: /yodel_access/ });
	await Promise.all([alice.page.reload(), other.reload()]);
	await alice.isLive();
	await expect(other.getByRole("status", { name: "Connection" })).toHaveText("Live");
});
