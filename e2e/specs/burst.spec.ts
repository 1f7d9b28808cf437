import { freePort, Yodel } from "../fixtures/server";
import { expect, test } from "../fixtures/world";
import { Lobby, saysManyTimes } from "../pages/lobby";

test("a burst of 10,000 arrives whole, once and in order, in each of five tabs of one user", async ({ signIn }) => {
	test.setTimeout(180_000);
	const yodel = new Yodel(await freePort());
	await yodel.start();
	try {
		const alice = await signIn("alice", yodel.address);
		const bob = await signIn("bob", yodel.address);
		const tabs = [await Lobby.entered(alice)];
		for (let i = 1; i < 5; i++) tabs.push(await Lobby.entered(alice, await alice.context.newPage()));
		await saysManyTimes(bob.page, 10_000);
		for (const tab of tabs) {
			await tab.counts(10_000);
			await tab.is("Live");
			await expect(tab.gap).toHaveCount(0);
		}
	} finally {
		await yodel.stop();
	}
});
