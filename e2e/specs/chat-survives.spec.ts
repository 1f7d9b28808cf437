import type { BrowserContext, Page } from "@playwright/test";
import { expect, test } from "../fixtures/chat-world";
import { Chat } from "../pages/chat";

/** What the page says of errors, from now on. */
function errorsOf(page: Page): string[] {
	const errors: string[] = [];
	page.on("pageerror", (error) => errors.push(error.message));
	return errors;
}

const deep = [
	">".repeat(4000),
	"- ".repeat(1300).trim(),
	"1. ".repeat(1300).trim(),
	"*".repeat(4000),
	"[".repeat(4000),
];

test("H329 a message that is deep as markdown is read by everybody, also after a reload", async ({ together }) => {
	const [alice, bob] = await together();
	const errors = errorsOf(bob.page);
	await alice.says("before");
	for (const text of deep) await alice.says(text);
	await alice.says("**after**");
	await bob.sees("after");
	await bob.page.reload();
	await bob.is("Live");
	await bob.sees("after");
	await expect(bob.message("after").locator("strong")).toHaveText("after");
	await bob.says("all here");
	await alice.sees("all here");
	expect(errors).toEqual([]);
});

test("H330 a part that a deploy replaced leaves words and a way on", async ({ enters }) => {
	const alice = await enters("Alice");
	await alice.page.route(/assets\/people-page/, (route) => route.fulfill({ status: 404 }));
	await alice.page.getByRole("link", { name: "People", exact: true }).first().click();
	await expect(alice.page.getByRole("heading", { name: "A part of this page is missing" })).toBeVisible();
	await expect(alice.rooms).toBeVisible();
	await alice.page.unroute(/assets\/people-page/);
	await alice.page.getByRole("button", { name: "Load anew" }).click();
	await expect(alice.page.getByRole("heading", { name: "People" })).toBeVisible();
});

test("H330 the application itself, replaced while somebody signs in", async ({ enters }) => {
	const alice = await enters("Alice");
	await alice.signsOut();
	await alice.page.route(/assets\/signed-in/, (route) => route.fulfill({ status: 404 }));
	await alice.page.reload();
	await alice.page.getByLabel("Username").fill(alice.account.username);
	await alice.page.getByLabel("Password").fill(alice.account.password);
	await alice.page.getByRole("button", { name: "Sign in" }).click();
	await expect(alice.page.getByRole("button", { name: "Load anew" })).toBeVisible();
});

test("H330 another build on the server is offered when the connection is back", async ({ enters }) => {
	const alice = await enters("Alice");
	await alice.page.route(
		(url) => url.pathname === "/",
		(route) =>
			route.fulfill({ contentType: "text/html", body: '<script type="module" src="/assets/index-new.js"></script>' }),
	);
	await alice.page.context().setOffline(true);
	await alice.is("Offline");
	await alice.page.context().setOffline(false);
	await alice.is("Live");
	const offer = alice.page.getByRole("status", { name: "New version" });
	await expect(offer).toContainText("Yodel has a new version.");
	await offer.getByRole("button", { name: "Later" }).click();
	await expect(offer).toBeHidden();
});

/** Looking at storage throws in every page of a browser, as where its owner forbids it. */
async function forbidStorage(context: BrowserContext): Promise<void> {
	await context.addInitScript(() => {
		const forbidden = {
			get(): never {
				throw new DOMException("Access is denied for this document.", "SecurityError");
			},
		};
		Object.defineProperty(window, "localStorage", forbidden);
		Object.defineProperty(window, "sessionStorage", forbidden);
		navigator.locks.request = () => Promise.reject(new DOMException("denied", "SecurityError"));
	});
}

test("H330 a browser that forbids storage has the chat all the same", async ({ together }) => {
	const [alice, bob] = await together();
	await forbidStorage(alice.page.context());
	await alice.page.reload();
	await alice.is("Live");
	const errors = errorsOf(alice.page);
	await alice.says("from a strict browser");
	await bob.sees("from a strict browser");
	await alice.page.getByRole("link", { name: "People", exact: true }).first().click();
	await expect(alice.page.getByRole("heading", { name: "People" })).toBeVisible();
	await alice.signsOut();
	await alice.signsIn();
	expect(errors).toEqual([]);
	await alice.page.close(); // or the search for secrets would look at what is forbidden
});

test("H330 a page that is translated goes on", async ({ together }) => {
	const [alice, bob] = await together();
	const errors = errorsOf(alice.page);
	await bob.says("grüezi");
	await alice.sees("grüezi");
	await bob.box.pressSequentially("hm");
	await expect(alice.typing).toHaveText("Bob is writing");
	await alice.page.evaluate(() => {
		const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		const texts: Text[] = [];
		while (walker.nextNode()) texts.push(walker.currentNode as Text);
		for (const text of texts) {
			const font = document.createElement("font");
			font.textContent = `«${text.data}»`;
			text.replaceWith(font);
		}
	});
	await bob.box.press("Enter");
	await alice.sees("hm");
	await expect(alice.typing).toBeEmpty();
	await alice.says("still here");
	await bob.sees("still here");
	await alice.sees("still here");
	expect(errors).toEqual([]);
});

test("H331 one refresh without an answer stops none of somebody's tabs", async ({ enters }) => {
	const alice = await enters("Alice");
	const context = alice.page.context();
	await context.clearCookies({ name: /access/ });
	let silent = 0;
	await context.route("**/api/refresh", async (route) => {
		if (silent++ > 0) await route.continue(); // the first is never answered
	});
	const tabs = await Promise.all([1, 2, 3].map(async () => new Chat(alice.account, await context.newPage())));
	await alice.page.close();
	await Promise.all(tabs.map(({ page }) => page.goto("/")));
	await Promise.all(tabs.map((tab) => tab.is("Live"))); // within the 15 s of an expectation
	expect(silent).toBeGreaterThan(1);
});

test("H332 the keys of a composition neither send nor discard", async ({ together }) => {
	const [alice, bob] = await together();
	await alice.box.fill("東京");
	const press = (label: string, key: string) =>
		alice.page.getByLabel(label, { exact: true }).evaluate((box, key) => {
			// Safari: the composition is over, the code alone says what the key was for
			const event = new KeyboardEvent("keydown", { key, keyCode: 229, bubbles: true, cancelable: true });
			box.dispatchEvent(event);
		}, key);
	await press("Message", "Enter");
	await expect(alice.box).toHaveValue("東京");
	await alice.box.press("Enter");
	await bob.sees("東京");
	await alice.box.press("ArrowUp");
	const edit = alice.page.getByRole("textbox", { name: "Edit the message" });
	await edit.fill("京都");
	await press("Edit the message", "Escape");
	await expect(edit).toHaveValue("京都");
	await edit.press("Enter");
	await bob.sees("京都");
});

test("H332 what is pasted with signs that nobody sees is sent, and can be changed", async ({ together }) => {
	const [alice, bob] = await together();
	await alice.says("one\u000btwo\u0007");
	await bob.sees("one");
	await alice.editsTheLast("three\u000bfour".replace("\u000b", "\u000c"));
	await bob.sees("three");
});
