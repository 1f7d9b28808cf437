import { freePort, Road, Yodel } from "../fixtures/server";
import { expect, test } from "../fixtures/world";
import { signsOut } from "../pages/account";
import { Lobby } from "../pages/lobby";

test.describe.configure({ timeout: 90_000 }); // servers start and stop, and tokens run out

let yodel: Yodel;
test.beforeEach(async () => {
	yodel = new Yodel(await freePort());
	await yodel.start();
});
test.afterEach(() => yodel.stop());

test.describe("a token that lasts eight seconds", () => {
	test.beforeEach(async () => {
		await yodel.stop();
		yodel = new Yodel(yodel.port, ["--access-life", "8s"]);
		await yodel.start();
	});

	test("expired: who stays is refreshed in band, and never stops being live", async ({ signIn }) => {
		const alice = await signIn("alice", yodel.address);
		const sockets: string[] = [];
		const renewals: string[] = [];
		alice.page.on("websocket", (socket) => {
			if (new URL(socket.url()).pathname !== "/ws") return;
			sockets.push(socket.url());
			socket.on("framesent", ({ payload }) => {
				if (String(payload).includes('"refresh"')) renewals.push("sent");
			});
		});
		const lobby = await Lobby.entered(alice);
		await lobby.says("before");
		await expect.poll(() => renewals.length, { timeout: 40_000 }).toBeGreaterThanOrEqual(3); // 4 s apart: beyond the first token's end
		await lobby.says("after");
		await expect.poll(() => lobby.heard()).toEqual(["before", "after"]);
		await expect(alice.page.getByText("Last close").locator("xpath=following-sibling::dd[1]")).toHaveText("none");
		expect(sockets).toHaveLength(1);
	});

	test("expired: whose login can't be refreshed ends with 3005 and is asked to sign in again", async ({ signIn }) => {
		const alice = await signIn("alice", yodel.address);
		const lobby = await Lobby.entered(alice);
		await alice.context.clearCookies();
		await expect(lobby.alert).toContainText("You are signed out. Sign in again to go on.", { timeout: 20_000 });
		await expect(alice.page.getByText("3005: The login behind the connection has ended.")).toBeVisible();
		await lobby.is("Signed out");
		await alice.page.getByRole("button", { name: "Sign in again" }).click();
		await expect(alice.page.getByRole("heading", { name: "Sign in to Yodel" })).toBeVisible();
	});
});

test("revoked: who signs out in one tab is told so in the other", async ({ signIn }) => {
	const alice = await signIn("alice", yodel.address);
	const lobby = await Lobby.entered(alice);
	const other = await alice.context.newPage();
	await other.goto("/");
	await signsOut(other);
	await expect(lobby.alert).toContainText("You were signed out. Sign in again to go on.");
	await lobby.is("Signed out");
	await expect(alice.page.getByText("3503: Signed out.")).toBeVisible();
});

test("refused: who can reach the server but opens no socket is told so, and can try again", async ({ signIn }) => {
	const near = await freePort();
	await yodel.stop();
	yodel = new Yodel(yodel.port, ["--origins", `http://127.0.0.1:${near}`]);
	await yodel.start();
	const road = new Road(yodel.port);
	await road.open(near);
	try {
		const alice = await signIn("alice", `http://127.0.0.1:${near}`);
		road.refusing = true;
		await alice.page.goto("/lobby");
		const told = alice.page.getByRole("alert").filter({ hasText: "no live connection opens" });
		const retry = alice.page.getByRole("button", { name: "Retry now" });
		await expect(async () => {
			await retry.click();
			await expect(told).toBeVisible({ timeout: 300 });
		}).toPass();
		road.refusing = false;
		await told.getByRole("button", { name: "Try again" }).click();
		await expect(alice.page.getByRole("status", { name: "Connection" })).toHaveText("Live");
		await expect(told).toHaveCount(0);
	} finally {
		road.close();
	}
});

test("offline: who loses the network is told so, and is live when it is back", async ({ signIn }) => {
	const alice = await signIn("alice", yodel.address);
	const lobby = await Lobby.entered(alice);
	await alice.context.setOffline(true);
	await lobby.is("Offline");
	await expect(alice.page.getByPlaceholder("Waiting for the connection")).toBeVisible();
	await alice.context.setOffline(false);
	await lobby.is("Live");
});

test("restarted server: the page comes back by itself and says what the server no longer knows", async ({ signIn }) => {
	const lobby = await Lobby.entered(await signIn("alice", yodel.address));
	await lobby.says("before");
	await yodel.stop();
	await lobby.is(/Back in|Connecting/);
	await yodel.start();
	await lobby.is("Live");
	await expect(lobby.gap).toContainText("some messages are no longer kept");
	await lobby.says("after");
	await expect.poll(() => lobby.heard()).toEqual(["before", "after"]);
});

test("switched user: the next one has a connection of their own, without a reload", async ({ signIn }) => {
	const alice = await signIn("alice", yodel.address);
	const lobby = await Lobby.entered(alice);
	await expect(lobby.people).toHaveText(["alice"]);
	await lobby.says("mine");
	await alice.page.evaluate(() => Object.assign(window, { sameDocument: true }));
	await signsOut(alice.page);
	await alice.page.getByLabel("Username").fill("bob");
	await alice.page.getByLabel("Password").fill("bob-yodel-demo");
	await alice.page.getByRole("button", { name: "Sign in" }).click();
	await lobby.is("Live");
	await expect(lobby.people).toHaveText(["bob"]);
	await lobby.says("his");
	await expect(alice.page.getByRole("listitem").filter({ hasText: "his" })).toContainText("bob");
	expect(await alice.page.evaluate(() => "sameDocument" in window)).toBe(true);
});
