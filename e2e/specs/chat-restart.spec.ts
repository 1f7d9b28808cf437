import { expect, testWithServer as test } from "../fixtures/chat-world";
import type { Chat } from "../pages/chat";

/** Notes every moment in which a text stands in the page more than once. */
async function watchForDoubles(chat: Chat): Promise<() => Promise<string[]>> {
	await chat.page.evaluate(() => {
		const doubles: string[] = [];
		Object.assign(window, { doubles });
		new MutationObserver(() => {
			const texts = [...document.querySelectorAll("[role=log] article .message-body")].map((body) => body.textContent);
			doubles.push(...texts.filter((text, i) => text !== null && texts.indexOf(text) !== i).map(String));
		}).observe(document.body, { childList: true, subtree: true, characterData: true });
	});
	return () => chat.page.evaluate(() => (window as unknown as { doubles: string[] }).doubles);
}

test("after kill -9 in mid-conversation nothing is lost or shown twice, and drafts survive", async ({
	together,
	yodel,
}) => {
	test.setTimeout(180_000);
	const [alice, bob] = await together();
	const doubles = await watchForDoubles(alice);
	const said = Array.from({ length: 12 }, (_, i) => `line ${i + 1}.`);
	for (const [i, line] of said.entries()) {
		if (i === 6) await yodel.stop("SIGKILL");
		await alice.says(line);
	}
	await alice.box.fill("half a thou");
	await yodel.start();
	for (const line of said) {
		await alice.sees(line);
		await bob.sees(line);
	}
	expect(await alice.said()).toEqual(said);
	expect(await bob.said()).toEqual(said);
	expect(await doubles()).toEqual([]);

	await alice.page.reload();
	await alice.is("Live");
	await expect(alice.box).toHaveValue("half a thou");
	await expect.poll(() => alice.said()).toEqual(said);
});

test("a message whose answer was lost with the server is never shown beside itself", async ({ together, yodel }) => {
	const [alice, bob] = await together();
	let deaf = false;
	await alice.page.routeWebSocket(/\/ws$/, (socket) => {
		const server = socket.connectToServer();
		server.onMessage((frame) => {
			if (!deaf) socket.send(frame);
		});
	});
	await alice.page.reload();
	await alice.is("Live");
	await alice.says("first");
	await alice.sees("first");
	const doubles = await watchForDoubles(alice);

	deaf = true; // the server has it, and its answer does not come
	await alice.says("stored, but not answered");
	await bob.sees("stored, but not answered");
	await expect(alice.waiting("stored, but not answered")).toHaveCount(1);
	await yodel.stop("SIGKILL");
	deaf = false;
	await yodel.start();
	await alice.is("Live");
	await alice.sees("stored, but not answered");
	expect(await doubles()).toEqual([]);
	expect(await bob.said()).toEqual(["first", "stored, but not answered"]);
});
