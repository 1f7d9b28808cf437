import { ownServer } from "../fixtures/own-server";
import { expect, test } from "../fixtures/world";
import { Administration } from "../pages/administration";
import { Member } from "../pages/member";

const yodel = ownServer("for each");
test.afterEach(async ({ browser }) => {
	await Promise.all(browser.contexts().map((context) => context.close()));
});

test("an ordinary user reaches neither the pages nor the routes of the administration", async ({ browser }) => {
	const bob = await Member.at(browser, yodel.address, "bob", "/people");
	await expect(bob.link("Chat")).toBeVisible();
	await expect(bob.link("Admin")).toHaveCount(0);
	for (const page of ["connections", "users", "channels", "audit"]) {
		await bob.page.goto(`/admin/${page}`);
		await expect(bob.alert).toContainText("This page is for administrators.");
		await expect(bob.page.getByRole("grid")).toHaveCount(0);
	}
	for (const route of ["users", "connections", "stats", "audit", "invitations"])
		expect((await bob.page.request.get(`/api/admin/${route}`)).status(), route).toBe(404);
});

test("another role acts at once on what is open, and the audit log says who gave it", async ({ browser }) => {
	const administration = await Administration.entered(browser, yodel.address);
	const bob = await Member.at(browser, yodel.address, "bob", "/profile");

	await administration.gives("bob", "admin");
	await bob.link("Admin").click();
	await expect(bob.page.getByRole("grid", { name: "Connections" }).getByRole("row", { name: /bob/ })).toBeVisible();
	await bob.isLive();

	await administration.gives("bob", "member");
	await expect(bob.alert).toContainText("You are no longer an administrator.");
	await expect(bob.page.getByRole("grid")).toHaveCount(0);
	await expect(bob.link("Admin")).toHaveCount(0);
	await bob.isLive();

	await administration.auditShows("Role changed", "admin", "bob", "member to admin", "127.0.0.1");
});

test("whose connection is ended comes back by itself", async ({ browser }) => {
	const administration = await Administration.entered(browser, yodel.address);
	const bob = await Member.at(browser, yodel.address, "bob", "/people");
	const again = bob.page.waitForEvent("websocket");
	expect(await administration.ends("Disconnect", "bob")).toContain("bob, by cookie from 127.0.0.1");
	await again;
	await bob.isLive();
	await administration.auditShows("Connections ended", "admin", "bob");
});

test("whose login is revoked is told so, and is asked to sign in again", async ({ browser }) => {
	const administration = await Administration.entered(browser, yodel.address);
	const bob = await Member.at(browser, yodel.address, "bob", "/people");
	expect(await administration.ends("Revoke", "bob")).toContain("They have to sign in again there.");
	await expect(bob.alert).toContainText("You were signed out. Sign in again to go on.");
	expect((await bob.page.request.get("/api/me")).status()).toBe(401);
	await bob.page.getByRole("button", { name: "Sign in again" }).click();
	await expect(bob.page.getByRole("heading", { name: "Sign in to Yodel" })).toBeVisible();
	await administration.auditShows("Session revoked", "admin", "bob", "127.0.0.1");
});

test("the audit log is searched where it is kept", async ({ browser }) => {
	const administration = await Administration.entered(browser, yodel.address);
	for (const name of ["alice", "bob"]) await (await Member.at(browser, yodel.address, name, "/people")).close();
	await administration.admin.goesTo("Audit log");
	await expect(administration.rows("Signed in")).toHaveCount(3);
	await administration.admin.page.getByRole("searchbox", { name: "Search" }).fill("ALI");
	await expect(administration.rows("Signed in")).toHaveCount(1);
	await expect(administration.rows("alice")).toBeVisible();
	await administration.admin.page.getByRole("searchbox", { name: "Search" }).fill("nobody at all");
	await expect(administration.admin.page.getByText("Nothing in the last year matches.")).toBeVisible();
});
