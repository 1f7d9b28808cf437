import { randomUUID } from "node:crypto";
import { expect, testWithServer as test } from "../fixtures/chat-world";
import type { Chat } from "../pages/chat";

const seconds = process.env.YODEL_LONG ? 60 : 5;
const perSecond = 60;

/** Says things for somebody beside their page, so many in each second, and answers when all were taken. */
async function speaks(chat: Chat, word: string, count: number): Promise<void> {
	const { origin, pathname } = new URL(chat.page.url());
	const cookies = await chat.page.context().cookies();
	const headers = {
		"Content-Type": "application/json",
		Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; "),
		Origin: origin,
	};
	const began = performance.now();
	for (let i = 1; i <= count; i++) {
		const body = JSON.stringify({ key: randomUUID(), text: `${word} ${i}.` });
		const init = { method: "POST", headers, body };
		const said = await fetch(`${origin}/api/rooms/${pathname.split("/")[2]}/messages`, init); // in turn: the order is known
		if (!said.ok) throw new Error(`${i} was refused with ${said.status}: ${await said.text()}`);
		await said.text();
		const ahead = (i * 1000) / perSecond - (performance.now() - began);
		if (ahead > 0) await new Promise((resolve) => setTimeout(resolve, ahead));
	}
	const rate = Math.round((count * 1000) / (performance.now() - began));
	console.log(`${word}: ${rate} messages a second`);
}

/** Counts what moved by itself in the page, and what stood there. */
async function watch(chat: Chat): Promise<void> {
	await chat.page.evaluate(() => {
		const seen = { shift: 0, most: 0 };
		Object.assign(window, { seen });
		new PerformanceObserver((list) => {
			for (const entry of list.getEntries()) seen.shift += Reflect.get(entry, "value");
		}).observe({ type: "layout-shift", buffered: false });
		new MutationObserver(() => {
			seen.most = Math.max(seen.most, document.querySelectorAll("[role=log] article").length);
		}).observe(document.body, { childList: true, subtree: true });
	});
}

const seenBy = (chat: Chat) => chat.page.evaluate(() => Reflect.get(window, "seen") as { shift: number; most: number });

test.use({ args: ["--message-rate", "100000"], trace: process.env.YODEL_LONG ? "on" : "retain-on-failure" });

test(`${perSecond} messages a second for ${seconds} seconds: all there, in order, and nothing jumps`, async ({
	together,
}) => {
	test.setTimeout(seconds * 10_000 + 120_000);
	const [alice, bob] = await together();
	const before = 40; // enough to fill the list: until then each message moves those above it up
	await speaks(alice, "earlier", before);
	await bob.sees(`earlier ${before}.`);
	await watch(bob);
	const count = seconds * perSecond;
	const stream = speaks(alice, "word", count);
	await bob.box.fill("I can write meanwhile"); // the page answers while they come
	await stream;
	await bob.sees(`word ${count}.`);
	await expect(bob.box).toHaveValue("I can write meanwhile");
	const { shift, most } = await seenBy(bob);
	// Where several messages come before the next picture, the list goes along one picture later. A shift of 0.1 is seen.
	expect(shift).toBeLessThan(0.01);
	expect(most).toBeLessThan(120);

	// everything is there, once and in order, on the server and in the page
	const kept = await bob.page.evaluate(async (before) => {
		const texts: string[] = [];
		const room = location.pathname.split("/")[2];
		for (let after = before, more = true; more; ) {
			const page = await (await fetch(`/api/rooms/${room}/messages?after=${after}&limit=200`)).json();
			for (const { text, number } of page.messages) {
				texts.push(text);
				after = number;
			}
			more = page.has_after;
		}
		return texts;
	}, before);
	expect(kept).toEqual(Array.from({ length: count }, (_, i) => `word ${i + 1}.`));
	const shown = await bob.said();
	expect(shown).toEqual(shown.map((_, i) => `word ${count - shown.length + 1 + i}.`));
});

test("who reads further up stays there while messages stream, and gets to the newest with a click", async ({
	together,
}) => {
	test.setTimeout(120_000);
	const [alice, bob] = await together();
	await speaks(alice, "earlier", 60);
	await bob.sees("earlier 60.");
	await bob.message("earlier 60.").hover();
	await bob.page.mouse.wheel(0, -900);
	const newest = bob.page.getByRole("button", { name: "Newest messages" });
	await expect(newest).toBeVisible();
	const read = bob.log.getByRole("article").nth(8);
	const text = await read.textContent();
	const place = await read.boundingBox();
	await watch(bob);
	await speaks(alice, "word", 2 * perSecond);
	await expect(bob.unread("room")).toHaveCount(1); // all of it has come, and none of it is read
	await expect(bob.log.getByRole("article").filter({ hasText: text ?? "" })).toHaveCount(1);
	expect(
		await bob.log
			.getByRole("article")
			.filter({ hasText: text ?? "" })
			.boundingBox(),
	).toEqual(place);
	expect((await seenBy(bob)).shift).toBeLessThan(0.001);
	await newest.click();
	await bob.sees(`word ${2 * perSecond}.`);
});
