import { randomUUID } from "node:crypto";
import type { Centrifuge, Options } from "centrifuge";
import { expect } from "vitest";
import { WebSocket } from "ws";
import type { encodings } from "./encodings";

/** As many subscriptions as a connection may have by default. */
export const manyChannels = 128;

/** With a token in the first message or the upgrade's word, with subscription tokens or without. */
export const ways = [true, false].flatMap((pending) => [true, false].map((tokens) => ({ pending, tokens })));

/** Names of forty bytes, that no other test has. */
export function manyNames(prefix: string, many = manyChannels) {
	const run = randomUUID().slice(0, 12);
	return Array.from({ length: many }, (_, n) => `${prefix}:${run}-${String(n).padStart(4, "0")}-`.padEnd(40, "x"));
}

/** A subscription token of 300 bytes, which is what signed ones have. */
export const subscriptionToken = (user: string, channel: string) =>
	Buffer.from(`${user} ${channel} `.padEnd(225, "s")).toString("base64url");

/** A client by one of the ways, and the names of its channels. */
export function withMany(
	encoding: (typeof encodings)[number],
	url: string,
	{ pending, tokens }: (typeof ways)[number],
	many = manyChannels,
) {
	const user = randomUUID();
	const one = returning(encoding, pending ? url : `${url}?user=${user}`, {
		...(pending && { getToken: async () => `${user} 3600 ${"s".repeat(600)}` }),
		...(tokens && { subscriptionUser: user }),
	});
	return { one, names: manyNames(tokens ? "signed" : "kept", many) };
}

/**
 * A client that follows channels with recovery, and what it was told: each
 * publication's number, which begins its data.
 */
export function returning(
	encoding: (typeof encodings)[number],
	url: string,
	options: Partial<Options> & { subscriptionUser?: string } = {},
) {
	const { subscriptionUser, ...clientOptions } = options;
	const client: Centrifuge = encoding.build(url, {
		websocket: WebSocket,
		minReconnectDelay: 10,
		maxReconnectDelay: 20,
		...clientOptions,
	});
	const told = {
		connected: 0,
		/** The codes of the ends that it comes back from. */
		ends: [] as number[],
		/** What no client comes back from. */
		final: [] as string[],
		live: new Set<string>(),
		lost: new Set<string>(),
		heard: new Map<string, number[]>(),
	};
	client.on("connected", () => told.connected++);
	client.on("connecting", ({ code }) => told.ends.push(code));
	client.on("disconnected", ({ code, reason }) => told.final.push(`disconnected: ${code} ${reason}`));
	return {
		client,
		told,
		connect: () => client.connect(),
		/** Ends it of its own will, which is not told. */
		stop() {
			client.removeAllListeners();
			client.disconnect();
		},
		follow(channel: string) {
			const heard: number[] = [];
			told.heard.set(channel, heard);
			const subscription = client.newSubscription(channel, {
				recoverable: true,
				...(subscriptionUser && { getToken: async () => subscriptionToken(subscriptionUser, channel) }),
			});
			subscription.on("subscribed", ({ wasRecovering, recovered }) => {
				told.live.add(channel);
				if (wasRecovering && !recovered) told.lost.add(channel);
			});
			subscription.on("subscribing", () => told.live.delete(channel));
			subscription.on("unsubscribed", ({ code, reason }) =>
				told.final.push(`unsubscribed ${channel}: ${code} ${reason}`),
			);
			subscription.on("publication", ({ data }) => heard.push(Number.parseInt(String(encoding.decode(data)), 10)));
			subscription.subscribe();
		},
		/** Waits until something holds; fails at once when the client will not come back. */
		async until(holds: () => boolean, what: string) {
			await expect
				.poll(() => told.final.length > 0 || holds(), {
					timeout: 30_000,
					interval: 10,
					message: `${what}; ends ${told.ends}`,
				})
				.toBe(true);
			expect(told.final).toEqual([]);
		},
		/** Waits until every channel is live and has been heard from; then all of 1 to last, once and in order. */
		async wantAll(channels: string[], last: number) {
			const all = (channel: string) => told.live.has(channel) && (told.heard.get(channel)?.length ?? 0) >= last;
			await this.until(() => channels.every(all), `${channels.length} channels there again with ${last} messages`);
			const want = Array.from({ length: last }, (_, n) => n + 1);
			for (const channel of channels) expect(told.heard.get(channel)).toEqual(want);
			expect([...told.lost]).toEqual([]);
		},
	};
}
