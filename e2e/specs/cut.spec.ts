import { freePort, Yodel } from "../fixtures/server";
import { Toxiproxy } from "../fixtures/toxiproxy";
import { expect, test } from "../fixtures/world";
import { Lobby, saysManyTimes } from "../pages/lobby";

/** Two people in the lobby: bob over a network that can be cut, alice over one that is not. */
async function scene(signIn: (name: string, address: string) => Promise<Parameters<typeof Lobby.entered>[0]>) {
	const port = await freePort();
	const network = await Toxiproxy.before(port);
	const origin = `http://127.0.0.1:${network.port}`;
	const yodel = new Yodel(port, ["--origins", origin]);
	await yodel.start();
	const bob = await Lobby.entered(await signIn("bob", origin));
	const alice = await Lobby.entered(await signIn("alice", yodel.address));
	const end = async () => {
		network.end();
		await yodel.stop();
	};
	return { bob, alice, network, end };
}

// A minute is for the full run.
const seconds = process.env.YODEL_LONG ? [1, 10, 60] : [1, 10];

for (const long of seconds) {
	test(`what was said during a cut of ${long} s appears once and in order after it`, async ({ signIn }) => {
		test.setTimeout(90_000 + long * 2000);
		const { bob, alice, network, end } = await scene(signIn);
		try {
			await alice.says("before");
			await expect.poll(() => bob.heard()).toEqual(["before"]);
			await network.cut();
			const began = Date.now();
			await bob.is(/Back in|Connecting/);
			const said = ["one", "two", "three"];
			for (const text of said) await alice.says(text);
			await expect.poll(() => Date.now() - began, { timeout: long * 1000 + 5000 }).toBeGreaterThanOrEqual(long * 1000);
			await network.mend();
			await bob.hearsThatTheNetworkIsBack();
			await bob.is("Live");
			await alice.says("after");
			await expect.poll(() => bob.heard()).toEqual(["before", ...said, "after"]);
			await expect(bob.gap).toHaveCount(0);
		} finally {
			await end();
		}
	});
}

test("who misses more than is kept is told so, and reads on", async ({ signIn }) => {
	const { bob, alice, network, end } = await scene(signIn);
	try {
		await alice.says("before");
		await expect.poll(() => bob.heard()).toEqual(["before"]);
		await network.cut();
		await bob.is(/Back in|Connecting/);
		await saysManyTimes(alice.page, 150);
		await network.mend();
		await bob.hearsThatTheNetworkIsBack();
		await bob.is("Live");
		await expect(bob.gap).toContainText("some messages are no longer kept");
		await alice.says("after");
		await expect.poll(() => bob.heard()).toEqual(["before", "after"]);
	} finally {
		await end();
	}
});
