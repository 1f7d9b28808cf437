import { ownServer } from "../fixtures/own-server";
import { freePort, Yodel } from "../fixtures/server";
import { expect, test } from "../fixtures/world";
import { Administration } from "../pages/administration";
import { Member } from "../pages/member";
import { Newcomer } from "../pages/newcomer";

const yodel = ownServer("for each");
test.afterEach(async ({ browser }) => {
	await Promise.all(browser.contexts().map((context) => context.close()));
});

test("who signs another device out sees it go, and that device says what happened", async ({ browser }) => {
	const phone = await Member.at(browser, yodel.address, "alice", "/people");
	const laptop = await Member.at(browser, yodel.address, "alice", "/devices");
	const devices = laptop.page.getByRole("list", { name: "Devices" }).getByRole("listitem");
	await expect(devices).toHaveCount(2);
	await devices
		.filter({ hasNotText: "this device" })
		.getByRole("button", { name: /^Sign out/ })
		.click();
	expect(await laptop.confirms("Sign out")).toContain("Pages that are open there say so and ask for a login.");
	await expect(devices).toHaveCount(1);
	await expect(phone.alert).toContainText("You were signed out. Sign in again to go on.");
	expect((await phone.page.request.post("/api/refresh")).status()).toBe(401);
	await laptop.isLive();
});

test("a new password signs every other device out and keeps this one", async ({ browser }) => {
	const phone = await Member.at(browser, yodel.address, "alice", "/people");
	const laptop = await Member.at(browser, yodel.address, "alice", "/profile");
	await laptop.page.getByLabel("Current password").fill("alice-yodel-demo");
	await laptop.page.getByLabel("New password").fill("a better password");
	await laptop.page.getByRole("button", { name: "Change password" }).click();
	await expect(laptop.page.getByText("Changed. Your other devices are signed out.")).toBeVisible();
	await expect(phone.alert).toContainText("Sign in again to go on.");
	await laptop.isLive();
});

test("an invitation is good for one account, with the role that it was made for", async ({ browser }) => {
	const administration = await Administration.entered(browser, yodel.address);
	const link = await administration.invites("Carol", "admin");
	const carol = await Newcomer.opens(browser, link);
	const late = await Newcomer.opens(browser, link);
	await carol.joinsAs("alice");
	await carol.isTold("That username or name is taken, or looks like one that is.");
	await carol.joinsAs("carol");
	await carol.isIn("carol");
	expect(carol.page.url()).toBe(`${yodel.address}/`);
	await expect(carol.page.getByRole("link", { name: "Admin" })).toBeVisible();
	await late.joinsAs("dave");
	await late.isTold(/invitation/);
	await administration.auditShows("Account made", "carol");
});

test("on the first start a link makes the first administrator", async ({ browser }) => {
	const fresh = new Yodel(await freePort(), [], "nobody");
	const printed = await fresh.start();
	try {
		const link = /^first administrator: (\S+)$/m.exec(printed)?.[1] ?? "";
		const root = await Newcomer.opens(browser, link);
		await root.joinsAs("root");
		await root.isIn("root");
		await root.page.getByRole("link", { name: "Admin" }).click();
		await expect(root.page.getByRole("grid", { name: "Connections" })).toBeVisible();
		const again = await Newcomer.opens(browser, link);
		await again.joinsAs("second");
		await again.isTold(/invitation/);
	} finally {
		await fresh.stop();
	}
});

test("who is signed in and opens an invitation is asked to sign out first", async ({ browser }) => {
	const administration = await Administration.entered(browser, yodel.address);
	const link = await administration.invites("Carol", "member");
	const { page } = administration.admin;
	await page.goto("/people");
	await page.goto(link);
	await expect(page.getByRole("heading", { name: "You have an account" })).toBeVisible();
	await page.getByRole("button", { name: "Sign admin out and go on" }).click();
	await expect(page.getByRole("heading", { name: "Join Yodel" })).toBeVisible();
});
