// The official JavaScript client on a slow line, before slow handlers, and while its
// token can't be verified, at default limits.

import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, inject, it } from "vitest";
import { encodings, post } from "./encodings";
import { startProxy } from "./proxy";
import { manyNames, returning } from "./returning";

const address = inject("address");

const ends: (() => void)[] = [];
afterEach(() => {
	for (const end of ends.splice(0)) end();
});

/** JSON of about so many bytes which begins with a number. */
const numbered = (number: number, size: number) => JSON.stringify(`${number} ${"x".repeat(size)}`);

const lines = [
	{ line: "2 MB at 1 MB a second", channels: 4, rate: 1_000_000 },
	{ line: "4 MB at 1 MB a second", channels: 8, rate: 1_000_000 },
	{ line: "500 kB at 100 kB a second", channels: 1, rate: 100_000 },
];

describe.each(encodings)("$name", (encoding) => {
	async function behindProxy(user: string = randomUUID()) {
		const proxy = await startProxy(address);
		// Its own limit of 5 s for an answer is less than such a line needs.
		const one = returning(encoding, `${proxy.url}?user=${user}`, { timeout: 30_000 });
		ends.push(() => one.stop(), proxy.stop);
		one.connect();
		await one.until(() => one.told.connected === 1, "connected");
		return { proxy, one, user };
	}

	it.each(lines)("H311_recovery_over_a_slow_line: $line", { timeout: 60_000 }, async ({ channels, rate }) => {
		const { proxy, one } = await behindProxy();
		const names = manyNames("kept", channels);
		for (const name of names) one.follow(name);
		await one.until(() => one.told.live.size === channels, "subscribed");
		for (const name of names) await post(address, `/publish?channel=${name}`, numbered(1, 10));
		await one.wantAll(names, 1);
		proxy.cut(true);
		proxy.slow(rate);
		const last = 11;
		for (let n = 2; n <= last; n++)
			for (const name of names) await post(address, `/publish?channel=${name}`, numbered(n, 50_000));
		one.told.ends.length = 0;
		proxy.come();
		const { live, lost, heard, ends: codes } = one.told;
		const repeats = () => codes.some((code, n) => n > 0 && code === codes[n - 1]);
		const caughtUp = (name: string) => live.has(name) && (lost.has(name) || heard.get(name)?.at(-1) === last);
		await one.until(() => repeats() || names.every(caughtUp), "caught up");
		expect(repeats(), `ended by ${codes}, twice in a row by one`).toBe(false);
		for (const name of names)
			if (!lost.has(name)) expect(heard.get(name)).toEqual(Array.from({ length: last }, (_, n) => n + 1));
	});

	it.each([0, 1_000_000])(
		"H311_an_answer_larger_than_the_queue, %i bytes a second",
		{ timeout: 60_000 },
		async (rate) => {
			const { proxy, one } = await behindProxy();
			if (rate > 0) proxy.slow(rate);
			const small = () => one.client.rpc("add", encoding.encode({ A: 20, B: 22 }));
			const big = () => one.client.rpc("big", encoding.encode(null));
			one.client.startBatching();
			const answers = [big(), small(), big(), small(), big(), small()];
			one.client.stopBatching();
			const got = (await Promise.all(answers)).map(({ data }) => encoding.decode(data));
			expect(got.map((data) => (typeof data === "string" ? data.length : data))).toEqual([
				1_100_000, 42, 1_100_000, 42, 1_100_000, 42,
			]);
			expect(one.told).toMatchObject({ connected: 1, final: [] });
		},
	);

	it.each(["call", "publication"])(
		"H312_faster_than_their_handler: 12 MB, each a %s",
		{ timeout: 60_000 },
		async (kind) => {
			const { one, user } = await behindProxy();
			const calls = 200;
			const data = encoding.encode("x".repeat(60_000));
			const send = () => (kind === "call" ? one.client.rpc("held", data) : one.client.publish("held:1", data));
			const answers = Promise.allSettled(Array.from({ length: calls }, send));
			const ended = () => one.told.ends.length > 1 || one.told.final.length > 0;
			const begun = async () => Number(await (await fetch(`http://${address}/held?user=${user}`)).text());
			for (let step = 0; step < 10; step++) {
				// The rest waits, wherever it is held back.
				await expect.poll(async () => ended() || (await begun()) === 1 + step * 5, { timeout: 20_000 }).toBe(true);
				expect(one.told, "the ends that it was told").toMatchObject({ connected: 1, ends: [0], final: [] });
				await post(address, `/let?user=${user}&times=5`);
			}
			await post(address, `/let?user=${user}&times=${calls}`);
			expect((await answers).filter(({ status }) => status !== "fulfilled")).toEqual([]);
			expect(one.told).toMatchObject({ connected: 1, final: [] });
		},
	);

	it("H313_verification_fails_for_a_while", async () => {
		const user = randomUUID();
		await post(address, `/unverified?user=${user}&times=3`);
		const one = returning(encoding, `ws://${address}/ws`, { getToken: async () => `${user} 3600` });
		ends.push(() => one.stop());
		one.connect();
		await one.until(() => one.told.connected === 1, "connected");
	});

	it("H313_subscription_tokens_meet_a_fault", async () => {
		const user = randomUUID();
		const one = returning(encoding, `ws://${address}/ws?user=${user}`, { subscriptionUser: user });
		ends.push(() => one.stop());
		one.connect();
		await one.until(() => one.told.connected === 1, "connected");
		await post(address, `/unverified?user=${user}&times=1`);
		const [name] = manyNames("signed", 1) as [string];
		one.follow(name);
		await one.until(() => one.told.live.has(name), "subscribed");
	});
});
