import { ownServer } from "../fixtures/own-server";
import { picture } from "../fixtures/picture";
import { freePort, Road, Yodel } from "../fixtures/server";
import { expect, test } from "../fixtures/world";
import { signsOut } from "../pages/account";
import { announces, Lobby } from "../pages/lobby";
import { shown, sights } from "../pages/sights";

test("every page, in every state that a connection can be in", async ({ signIn }) => {
	test.setTimeout(180_000);
	const near = await freePort();
	const yodel = new Yodel(await freePort(), ["--origins", `http://127.0.0.1:${near}`]);
	await yodel.start();
	const road = new Road(yodel.port);
	await road.open(near);
	try {
		const alice = await signIn("alice", `http://127.0.0.1:${near}`);
		const { page } = alice;
		await alice.broadcasts("Good morning, everybody.");
		await picture(page, "demo-live");
		const lobby = await Lobby.entered(alice);
		await picture(page, "lobby-empty");
		await lobby.says("Good morning.");
		const bob = await Lobby.entered(await signIn("bob", yodel.address));
		await bob.says(
			"A long answer, so that it breaks into several lines on a phone: the pass is closed, take the train.",
		);
		const admin = await signIn("admin", yodel.address);
		await announces(admin.page, "The kitchen is open.");
		await expect(lobby.announcement).toBeVisible();
		await picture(page, "lobby-live");
		await alice.context.setOffline(true);
		await lobby.is("Offline");
		await picture(page, "lobby-offline");
		await alice.context.setOffline(false);
		await lobby.is("Live");
		road.block();
		road.close();
		await lobby.is(/Back in|Connecting/);
		await picture(page, "lobby-recovering");
		await bob.page.goto("/");
		await expect(bob.connection).toHaveText("Live");

		const here = await Lobby.entered(await signIn("bob", yodel.address));
		const tab = await here.page.context().newPage();
		await tab.goto("/");
		await signsOut(tab);
		await expect(here.alert).toBeVisible();
		await picture(here.page, "lobby-refused");
		await yodel.stop();
		await expect(bob.page.getByRole("status", { name: "Connection" })).toHaveText(/Back in|Connecting/);
		await picture(bob.page, "demo-waiting");
	} finally {
		road.close();
		await yodel.stop();
	}
});

test.describe("every sight", () => {
	const yodel = ownServer("for all");

	for (const sight of sights)
		test(sight.name, async ({ browser }) => {
			test.setTimeout(60_000);
			const page = await shown(browser, yodel.address, sight);
			await picture(page, sight.name);
			await page.context().close();
		});
});

test("the way to a connection, and its refusal on the page of the plain socket", async ({ signIn }) => {
	test.setTimeout(180_000);
	const near = await freePort();
	const yodel = new Yodel(await freePort(), ["--origins", `http://127.0.0.1:${near}`]);
	await yodel.start();
	const road = new Road(yodel.port);
	await road.open(near);
	try {
		const { page, context } = await signIn("alice", `http://127.0.0.1:${near}`);
		const tab = await context.newPage();
		await tab.goto("/people");
		await signsOut(tab);
		await expect(page.getByRole("alert")).toBeVisible();
		await picture(page, "demo-refused");

		const bob = await signIn("bob", `http://127.0.0.1:${near}`);
		road.holding = true;
		for (const name of ["demo", "lobby"]) {
			await bob.page.goto(`/${name}`);
			await expect(bob.page.getByRole("status", { name: "Connection" })).toHaveText("Connecting");
			await picture(bob.page, `${name}-connecting`);
		}
	} finally {
		road.close();
		await yodel.stop();
	}
});
