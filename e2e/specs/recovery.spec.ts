import { freePort, Road, Yodel } from "../fixtures/server";
import { expect, test } from "../fixtures/world";

test("what was said while the network was cut appears once and in order when it is back", async ({ signIn }) => {
	const [port, near] = [await freePort(), await freePort()];
	const origin = `http://127.0.0.1:${near}`;
	const yodel = new Yodel(port, ["--origins", origin]);
	await yodel.start();
	let road = new Road(port);
	await road.open(near);
	try {
		const bob = await signIn("bob", origin);
		const alice = await signIn("alice", yodel.address);
		for (const person of [alice, bob]) {
			await person.page.getByRole("link", { name: "Lobby" }).click();
			await person.isLive();
		}
		const say = async (text: string) => {
			await alice.page.getByRole("textbox", { name: "Message" }).fill(text);
			await alice.page.getByRole("button", { name: "Send" }).click();
			await expect(alice.page.getByRole("log", { name: "Lobby" }).getByText(text, { exact: true })).toHaveCount(1);
		};
		const heard = bob.page.getByRole("log", { name: "Lobby" }).getByRole("listitem");
		await say("before");
		await expect(heard.filter({ hasText: "before" })).toHaveCount(1);
		road.close(); // every connection through it is gone at once
		await expect(bob.page.getByRole("status", { name: "Connection" })).not.toHaveText("Live");
		for (const text of ["one", "two", "three"]) await say(text);
		road = new Road(port);
		await road.open(near);
		await bob.isLive();
		await say("after");
		await expect(heard.filter({ hasText: "after" })).toHaveCount(1);
		expect(await heard.locator("p").allTextContents()).toEqual(["before", "one", "two", "three", "after"]);
		await expect(bob.page.getByRole("status", { name: "Gap" })).toHaveCount(0);
	} finally {
		road.close();
		await yodel.stop();
	}
});
