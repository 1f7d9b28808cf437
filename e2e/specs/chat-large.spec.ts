import { expect, roomName, testWithServer as test } from "../fixtures/chat-world";
import type { Chat } from "../pages/chat";

/** What the page did to show a room: its questions, the bytes of the answers, and what stands in the document. */
interface Work {
	questions: string[];
	bytes: number;
	rows: number;
	nodes: number;
}

async function workOfOpening(chat: Chat, room: string, last: string): Promise<Work> {
	const questions: string[] = [];
	let bytes = 0;
	let counting = false;
	chat.page.on("websocket", (socket) => {
		socket.on("framesent", ({ payload }) => {
			const asked = [...String(payload).matchAll(/"method":"([a-z.]+)"/g)].map(([, method = ""]) => method);
			if (counting) questions.push(...asked);
		});
		socket.on("framereceived", ({ payload }) => {
			if (counting) bytes += String(payload).length;
		});
	});
	await chat.page.goto("/people");
	await chat.is("Live");
	await expect(chat.room(room)).toBeVisible();
	counting = true;
	await chat.opens(room);
	await chat.sees(last);
	await expect(chat.details.page.getByRole("button", { name: "1 member" })).toBeVisible();
	counting = false;
	const rows = await chat.log.getByRole("article").count();
	const nodes = await chat.page.locator("*").count();
	return { questions: questions.sort(), bytes, rows, nodes };
}

test("a room with 50,000 messages takes the work of one with 50, and can be read to its beginning", async ({
	enters,
	yodel,
}) => {
	test.setTimeout(240_000);
	const alice = await enters("Alice");
	const [small, large] = [roomName(), roomName()];
	await alice.makesARoom(small);
	await alice.makesARoom(large);
	await yodel.stop();
	yodel.fill(small, 50);
	yodel.fill(large, 50_000);
	await yodel.start();

	const little = await workOfOpening(alice, small, "message 50");
	const much = await workOfOpening(alice, large, "message 50000");
	expect(much.questions).toEqual(little.questions);
	expect(much.rows).toBeLessThanOrEqual(little.rows + 2); // a line between days more or less
	expect(much.nodes).toBeLessThan(little.nodes * 1.2);
	expect(much.bytes).toBeLessThan(little.bytes * 1.2);

	// upwards, page after page, the document stays small and nothing is left out
	await alice.log.hover();
	const numbers = async () => (await alice.said()).map((text) => Number(text.split(" ")[1]));
	for (const number of [49_940, 49_880, 49_820]) {
		await expect(async () => {
			await alice.page.mouse.wheel(0, -800);
			expect((await numbers())[0]).toBeLessThan(number);
		}).toPass();
		const shown = await numbers();
		expect(shown).toEqual(shown.map((_, i) => (shown[0] ?? 0) + i));
	}
	expect(await alice.log.getByRole("article").count()).toBeLessThan(100);
});
