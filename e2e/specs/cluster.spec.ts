import { expect } from "../fixtures/chat-world";
import { test } from "../fixtures/cluster";

// Where nginx picks the node.
test.use({ nodes: [] });

test("while all nodes are replaced, people talk on and see no error", async ({ together, breaks }) => {
	const [alice, bob] = await together();
	const complaints: string[] = [];
	for (const { page } of [alice, bob]) page.on("pageerror", (error) => complaints.push(error.message));
	const replaced = breaks("roll").then(() => true);
	const said: string[] = [];
	for (let done = false; !done; ) {
		const line = `line ${said.length + 1}.`;
		said.push(line);
		await alice.says(line);
		const there = Promise.all([alice, bob].map((chat) => chat.message(line).waitFor({ timeout: 0 })));
		done = await Promise.race([replaced, there.then(() => false)]);
	}
	for (const chat of [alice, bob]) {
		await chat.sees(`line ${said.length}.`);
		const shown = await chat.said(); // once and in order, as far as it is on the screen
		expect(shown).toEqual(said.slice(-shown.length));
	}
	for (const chat of [alice, bob]) {
		await chat.is("Live");
		await expect(chat.page.getByRole("alert")).toHaveCount(0);
	}
	expect(complaints).toEqual([]);
});
