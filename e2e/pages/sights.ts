import type { Browser, Page } from "@playwright/test";
import { opensTheAccountMenu } from "./account";

/** A page in one state: who looks at it, where it lies, and how it gets into that state. */
export interface Sight {
	name: string;
	/** Nobody for a page that needs no login. */
	as?: "admin" | "alice" | "bob";
	at: string;
	/** Leads to the state, and waits until it is there. */
	until: (page: Page) => Promise<unknown>;
}

export const heading = (name: string) => (page: Page) => page.getByRole("heading", { name, level: 1 }).waitFor();
const row = (name: RegExp) => (page: Page) => page.getByRole("row", { name }).first().waitFor();

/** Does each step after the other. */
export function then(...steps: Sight["until"][]): Sight["until"] {
	return async (page) => {
		for (const step of steps) await step(page);
	};
}
export const clicks = (name: string | RegExp) => (page: Page) => page.getByRole("button", { name }).first().click();
export const sees = (text: string | RegExp) => (page: Page) => page.getByText(text).first().waitFor();

/** Every page in every state; those of the chat are in chat-sights.ts. Add yours here. */
export const sights: Sight[] = [
	{ name: "login", at: "/", until: heading("Sign in to Yodel") },
	{
		name: "login, refused",
		at: "/",
		until: then(
			(page) => page.getByLabel("Username").fill("alice"),
			(page) => page.getByLabel("Password").fill("not her password"),
			clicks("Sign in"),
			sees("That username and password don't match."),
		),
	},
	{ name: "register without an invitation", at: "/register", until: heading("An invitation is needed") },
	{ name: "register", at: "/register#a-secret", until: heading("Join Yodel") },
	{
		name: "register, refused",
		at: "/register#a-secret",
		until: then(
			(page) => page.getByLabel("Username").fill("carol"),
			(page) => page.getByLabel("Password").fill("a good password"),
			clicks("Make the account"),
			sees(/invitation/),
		),
	},
	{ name: "register, signed in", as: "bob", at: "/register#a-secret", until: heading("You have an account") },
	{ name: "the menu of the account", as: "admin", at: "/people", until: opensTheAccountMenu },
	{ name: "demo", as: "bob", at: "/demo", until: sees("Live") },
	{ name: "lobby", as: "bob", at: "/lobby", until: sees("Live") },
	{ name: "lab", as: "bob", at: "/lab", until: heading("Connection lab") },
	{ name: "profile", as: "alice", at: "/profile", until: sees("Everybody here can see this") },
	{
		name: "profile, saved",
		as: "alice",
		at: "/profile",
		until: then(clicks("Save"), sees("Saved.")),
	},
	{
		name: "profile, wrong password",
		as: "alice",
		at: "/profile",
		until: then(
			(page) => page.getByLabel("Current password").fill("not her password"),
			(page) => page.getByLabel("New password").fill("a good password"),
			clicks("Change password"),
			(page) => page.getByRole("alert").filter({ hasText: /./ }).waitFor(),
		),
	},
	{ name: "devices", as: "alice", at: "/devices", until: sees("this device") },
	{
		name: "devices, asked",
		as: "alice",
		at: "/devices",
		until: then(sees("this device"), clicks("Sign out this device")),
	},
	{ name: "connections", as: "admin", at: "/admin/connections", until: row(/admin/) },
	{
		name: "connections, asked",
		as: "admin",
		at: "/admin/connections",
		until: then(row(/admin/), clicks(/^Revoke/)),
	},
	{
		name: "connections, none found",
		as: "admin",
		at: "/admin/connections",
		until: then(
			row(/admin/),
			(page) => page.getByRole("searchbox").fill("nobody at all"),
			sees("No connection matches"),
		),
	},
	{ name: "users", as: "admin", at: "/admin/users", until: row(/alice/) },
	{ name: "one user", as: "admin", at: "/admin/users", until: then(row(/alice/), clicks("Manage alice")) },
	{
		name: "an invitation",
		as: "admin",
		at: "/admin/users",
		until: then(row(/alice/), clicks("Make a link"), sees("It is not shown again")),
	},
	{ name: "channels", as: "admin", at: "/admin/channels", until: then(sees("Deliveries"), row(/room:/)) },
	{ name: "audit log", as: "admin", at: "/admin/audit", until: row(/Signed in/) },
	{
		name: "kept out of the administration",
		as: "bob",
		at: "/admin/users",
		until: sees("This page is for administrators."),
	},
];

/** Opens a browser on a sight. Close the page's context when done. */
export async function shown(browser: Browser, address: string, { as, at, until }: Sight): Promise<Page> {
	const context = await browser.newContext({ baseURL: address, reducedMotion: "reduce" });
	const page = await context.newPage();
	if (as) await page.request.post("/api/login", { data: { username: as, password: `${as}-yodel-demo` } });
	await page.goto(at);
	await until(page);
	return page;
}
