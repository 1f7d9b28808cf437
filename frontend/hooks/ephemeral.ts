import { type ChannelUser, type Member, useOf } from "./channel";
import type { Connection } from "./connection-store";
import { createStore, type Store } from "./store";
import type { Latest } from "./use-store";

/** When ephemeral events are sent and forgotten. */
export interface EphemeralOptions {
	/** Milliseconds between two sends, at least. Default 1,000. */
	throttle?: number | undefined;
	/** Milliseconds after which the last state of somebody else is forgotten. Default 5,000. */
	expire?: number | undefined;
}

/** What somebody else is at. */
export interface Other<T> {
	member: Member;
	data: T;
	/** When it is forgotten unless it is told again, in milliseconds since the epoch. */
	until: number;
}

/** What the others are at, and a way to tell them. */
export interface UseEphemeral<T> {
	others: readonly Other<T>[];
	/**
	 * Tells the others, at most once in `throttle`; null says at once that it is over. A
	 * channel whose type the server knows takes no null: say there in your own type that it is over.
	 */
	send: (data: T | null) => void;
}

/** States that last for moments, such as who is typing: sent seldom, forgotten by themselves. */
export function createEphemeral<T>(
	connection: Connection,
	name: string,
	latest: Latest<EphemeralOptions>,
): Store<UseEphemeral<T>> {
	const kept = new Map<string, Other<T>>();
	let live = false;
	let forgetting: ReturnType<typeof setTimeout> | undefined;
	let sending: ReturnType<typeof setTimeout> | undefined;
	let waiting: (() => void) | undefined;

	/** At most once in a while, the latest wins. Null is told at once. */
	const send = (data: T | null) => {
		waiting = undefined;
		if (sending && data !== null) {
			waiting = () => send(data);
			return;
		}
		clearTimeout(sending);
		sending = setTimeout(() => {
			sending = undefined;
			waiting?.();
		}, latest.current.throttle ?? 1000);
		if (!live) return; // it would be stale when it arrives
		connection.client.publish(name, connection.codec.encode(data)).catch(() => {}); // nobody waits for it
	};
	/** Shows what still holds, and comes back when the first of it ends. */
	const show = () => {
		const now = Date.now();
		for (const [client, { until }] of kept) if (until <= now) kept.delete(client);
		clearTimeout(forgetting);
		const others = [...kept.values()];
		if (others[0]) forgetting = setTimeout(show, others[0].until - now);
		store.set({ others, send });
	};
	const user: ChannelUser = {
		changed: ({ state }) => {
			live = state === "live";
		},
		publication: ({ data, info }) => {
			if (!info || info.client === connection.snapshot().client) return;
			kept.delete(info.client);
			const until = Date.now() + (latest.current.expire ?? 5000);
			if (data !== null) kept.set(info.client, { member: info, data: data as T, until });
			show();
		},
	};
	const store: Store<UseEphemeral<T>> = createStore<UseEphemeral<T>>({ others: [], send }, () => {
		const leave = useOf(connection, name, user);
		return () => {
			leave();
			clearTimeout(sending);
			sending = waiting = undefined;
			kept.clear();
			show();
		};
	});
	return store;
}
