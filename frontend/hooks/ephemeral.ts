import { channelOf, type Member } from "./channel";
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
	let others: Other<T>[] = [];
	let forgetting: ReturnType<typeof setTimeout> | undefined;
	let sending: ReturnType<typeof setTimeout> | undefined;
	/** When the next may be sent. */
	let next = 0;

	/** At most once in a while, the latest wins. Null is told at once. */
	const send = (data: T | null) => {
		clearTimeout(sending);
		const early = next - Date.now();
		if (early > 0 && data !== null) {
			sending = setTimeout(send, early, data);
			return;
		}
		next = Date.now() + (latest.current.throttle ?? 1000);
		if (connection.channels.get(name)?.snapshot().state !== "live") return; // it would be stale when it arrives
		connection.client.publish(name, connection.codec.encode(data)).catch(() => {}); // nobody waits for it
	};
	/** Shows what still holds, and comes back when the first of it ends. */
	const show = () => {
		const now = Date.now();
		others = others.filter(({ until }) => until > now);
		clearTimeout(forgetting);
		if (others[0]) forgetting = setTimeout(show, others[0].until - now);
		store.set({ others });
	};
	const store: Store<UseEphemeral<T>> = createStore<UseEphemeral<T>>({ others, send }, () => {
		const leave = channelOf(connection, name).subscribe((event) => {
			const { data, info } = event?.publication ?? {};
			if (!info || info.client === connection.snapshot().client) return;
			others = others.filter(({ member }) => member.client !== info.client);
			const until = Date.now() + (latest.current.expire ?? 5000);
			if (data !== null) others.push({ member: info, data: data as T, until });
			show();
		});
		return () => {
			leave();
			clearTimeout(sending);
			others = [];
			show();
		};
	});
	return store;
}
