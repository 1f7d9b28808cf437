import type { Subscription } from "centrifuge";
import { createBurst } from "./burst";
import { type ChannelStatus, type ChannelUser, type Publication, publicationOf, unknown, useOf } from "./channel";
import type { Connection } from "./connection-store";
import { createStore, type Store, safely, tellAll } from "./store";
import type { Latest } from "./use-store";

/** How one component reads a channel. */
export interface Reading<T, V> {
	/** What is there before the first event. */
	initial?: V;
	/** Takes one event into the value; called once for each, in order. */
	reduce?: ((value: V, publication: Publication<T>) => V) | undefined;
	/** Called once for each event, in order, without a render. */
	onPublication?: ((publication: Publication<T>) => void) | undefined;
	/** Events were missed that could not be recovered. */
	onGap?: (() => void) | undefined;
	/** How many earlier events to read first, at most; needs a channel with history. */
	history?: number | undefined;
}

/** A channel as a screen can show it, with the value that the events add up to. */
export interface ChannelSnapshot<V> extends ChannelStatus {
	value: V;
}

/** The state of a channel and what its events add up to. */
export interface UseChannel<V> extends ChannelSnapshot<V> {
	/** Subscribes again after a refusal. */
	retry: () => void;
}

/** Reads a channel for one component: every event once and in order, one render for all of a task. */
export function createReader<T, V>(
	connection: Connection,
	name: string | null,
	latest: Latest<Reading<T, V>>,
): Store<UseChannel<V>> {
	let status = unknown;
	let again = () => {};
	let value = latest.current.initial as V;
	let begun = false;
	/** The position up to which the history has told. */
	let told = 0;
	/** Events that came while the history was on its way. */
	let held: Publication<T>[] | null = null;
	let watched = false;

	const retry = () => again();
	const now = () => ({ ...status, value, retry });
	const burst = createBurst(() => store.set(now()));

	const take = (publication: Publication<T>) => {
		const { reduce, onPublication } = latest.current;
		safely(() => onPublication?.(publication));
		if (!reduce) return;
		value = reduce(value, publication);
		burst.note();
	};
	const hear = (publication: Publication<T>) => {
		if (held) held.push(publication);
		else if ((publication.offset ?? told + 1) > told) take(publication);
	};
	/** What was kept comes first, then what was held back, without what stands in both. */
	const readHistory = async (subscription: Subscription, limit: number) => {
		held ??= [];
		try {
			const { publications } = await subscription.history({ limit, reverse: true });
			if (!begun) return;
			tellAll(publications.reverse(), (event) => {
				told = event.offset ?? 0;
				take(publicationOf(event, connection.codec) as Publication<T>);
			});
		} catch {
			begun = status.state === "live";
			if (!begun) return; // cut off meanwhile: asked again when it is back, and held until then
		}
		const late = held ?? [];
		held = null;
		tellAll(late, hear);
	};
	/** A component that was hidden and comes back begins anew: it has missed what came meanwhile. */
	const forget = () => {
		if (watched) return;
		begun = false;
		held = null;
		told = 0;
		burst.end();
		value = latest.current.initial as V;
	};
	const user: ChannelUser = {
		changed: (to, retry) => {
			status = to;
			again = retry;
			store.set(now());
		},
		publication: (publication) => hear(publication as Publication<T>),
		subscribed: (subscription, gap) => {
			const { history, onGap } = latest.current;
			if (gap) {
				told = 0; // positions may begin anew
				onGap?.();
			}
			if (!begun && history) void readHistory(subscription, history);
			begun = true;
		},
	};
	const store: Store<UseChannel<V>> = createStore<UseChannel<V>>(now(), () => {
		const leave = name === null ? () => {} : useOf(connection, name, user);
		watched = true;
		return () => {
			leave();
			watched = false;
			setTimeout(forget);
		};
	});
	return store;
}
