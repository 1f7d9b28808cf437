// The official JavaScript client, unmodified, from Node.

import { randomUUID } from "node:crypto";
import type { Centrifuge, Options } from "centrifuge";
import { afterEach, describe, expect, inject, it } from "vitest";
import { WebSocket } from "ws";
import { encodings, once, post as postTo } from "./encodings";

const address = inject("address");

const post = (path: string, body?: string) => postTo(address, path, body);

interface CloseCode {
	code: number;
	reason: string;
	terminal: boolean;
}

const closes = (await (await fetch(`http://${address}/closes`)).json()) as CloseCode[];

let open: Centrifuge[] = [];
afterEach(() => {
	for (const client of open) client.disconnect();
	open = [];
});

describe.each(encodings)("the official client in Node, $name", ({ build, encode, decode }) => {
	function client(query: string, options: Partial<Options> = {}) {
		const one = build(`ws://${address}/ws${query}`, {
			websocket: WebSocket,
			minReconnectDelay: 10,
			maxReconnectDelay: 20,
			...options,
		});
		open.push(one);
		return one;
	}

	async function connected(query: string, options: Partial<Options> = {}) {
		const one = client(query, options);
		const up = once((resolve) => one.once("connected", resolve));
		one.connect();
		await up;
		return one;
	}

	/** A subscription to a room of its own, and what it hears. */
	async function inRoom(one: Centrifuge, channel = `room:${randomUUID()}`) {
		const subscription = one.newSubscription(channel, { joinLeave: true });
		const heard: unknown[] = [];
		subscription.on("publication", ({ data }) => heard.push(decode(data)));
		const up = once((resolve) => subscription.once("subscribed", resolve));
		subscription.subscribe();
		await up;
		return { subscription, heard, channel };
	}

	it("connects, subscribes, publishes and hears", async () => {
		const alice = await connected("?user=alice");
		const { subscription, heard, channel } = await inRoom(alice);
		const next = once<{ info?: { user: string }; offset?: number }>((resolve) =>
			subscription.once("publication", resolve),
		);
		await subscription.publish(encode({ text: "hello" }));
		expect((await next).info?.user).toBe("alice");
		expect((await next).offset).toBe(1);
		await post(`/publish?channel=${channel}`, `{"text":"from the server"}`);
		await expect.poll(() => heard).toEqual([{ text: "hello" }, { text: "from the server" }]);
	});

	it("gets presence, joins, leaves and history", async () => {
		const { subscription, channel } = await inRoom(await connected("?user=alice"));
		const joined = once<{ info: { user: string } }>((resolve) =>
			subscription.on("join", (event) => event.info.user === "bob" && resolve(event)),
		);
		const left = once<{ info: { user: string } }>((resolve) => subscription.once("leave", resolve));
		const bob = await inRoom(await connected("?user=bob"), channel);
		expect((await joined).info.user).toBe("bob");
		const { clients } = await subscription.presence();
		expect(
			Object.values(clients)
				.map(({ user }) => user)
				.sort(),
		).toEqual(["alice", "bob"]);
		expect(await subscription.presenceStats()).toEqual({ numClients: 2, numUsers: 2 });
		bob.subscription.unsubscribe();
		expect((await left).info.user).toBe("bob");
		for (const n of [1, 2, 3]) await subscription.publish(encode(n));
		const history = await subscription.history({ limit: 2, reverse: true });
		expect(history.publications.map(({ data }) => decode(data))).toEqual([3, 2]);
		expect(history.offset).toBe(3);
	});

	it("calls RPC", async () => {
		const alice = await connected("?user=alice");
		expect(decode((await alice.rpc("add", encode({ A: 20, B: 22 }))).data)).toBe(42);
		await expect(alice.rpc("nothing", encode(null))).rejects.toMatchObject({ code: 104 });
	});

	it("recovers what it missed, once and in order", async () => {
		const user = randomUUID();
		const alice = await connected(`?user=${user}`);
		const { subscription, heard, channel } = await inRoom(alice);
		await subscription.publish(encode(1));
		const away = once((resolve) => alice.once("connecting", resolve));
		const back = once<{ recovered: boolean; wasRecovering: boolean }>((resolve) =>
			subscription.once("subscribed", resolve),
		);
		await post(`/disconnect?user=${user}&code=3010`);
		await away;
		for (const n of [2, 3]) await post(`/publish?channel=${channel}`, `${n}`);
		expect(await back).toMatchObject({ recovered: true, wasRecovering: true });
		await subscription.publish(encode(4));
		await expect.poll(() => heard).toEqual([1, 2, 3, 4]);
	});

	it("refreshes its token before it ends", async () => {
		const lives = [2, 3600];
		let asked = 0;
		let allGiven = () => {};
		const again = once<void>((resolve) => {
			allGiven = () => resolve();
		});
		const alice = await connected("", {
			getToken: async () => {
				const life = lives[asked++];
				if (asked === lives.length) allGiven();
				return `alice ${life}`;
			},
		});
		const ends: unknown[] = [];
		alice.on("connecting", (event) => ends.push(event));
		alice.on("disconnected", (event) => ends.push(event));
		await again;
		await expect.poll(async () => decode((await alice.rpc("left", encode(null))).data)).toBeGreaterThan(1000);
		expect(asked).toBe(2);
		expect(ends).toEqual([]);
	});

	it("gives up with a bad token, and fetches another for one that has expired", async () => {
		const refused = client("", { getToken: async () => "garbage" });
		const gone = once<{ code: number }>((resolve) => refused.once("disconnected", resolve));
		refused.connect();
		expect((await gone).code).toBe(3500);
		const tokens = ["alice -1", "alice 3600"];
		let asked = 0;
		await connected("", { getToken: async () => tokens[asked++] ?? "" });
		expect(asked).toBe(2);
	});

	it.each(closes)("after $code $reason it does as the table says", async ({ code, reason, terminal }) => {
		const user = randomUUID();
		const alice = await connected(`?user=${user}`);
		const decision = once<{ event: string; code: number; reason: string }>((resolve) => {
			alice.once("connecting", (context) => resolve({ event: "connecting", ...context }));
			alice.once("disconnected", (context) => resolve({ event: "disconnected", ...context }));
		});
		await post(`/disconnect?user=${user}&code=${code}&reason=${encodeURIComponent(reason)}`);
		expect(await decision).toMatchObject({ event: terminal ? "disconnected" : "connecting" });
		if (code >= 3000) expect(await decision).toMatchObject({ code, reason });
		if (!terminal) await once((resolve) => alice.once("connected", resolve));
	});
});
