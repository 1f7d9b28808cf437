import type { PublicationContext } from "centrifuge";
import { createBurst } from "./burst";
import { type Channel, type ChannelStatus, channelOf, type Publication, publicationOf, unknown } from "./channel";
import type { Connection } from "./connection-store";
import { createStore, type Store, safely } from "./store";
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
	let channel: Channel | undefined;
	let value: V;
	let begun = false;
	/** Gaps that are known. */
	let gaps: number;
	/** The position up to which the history has told. */
	let told: number;
	/** Events that came while the history was on its way. */
	let held: Publication<T>[] | null = null;

	const note = createBurst(() => store.set({ value }));
	const take = (publication: Publication<T>) =>
		safely(() => {
			const { reduce, onPublication } = latest.current;
			safely(() => onPublication?.(publication));
			if (!reduce) return;
			value = reduce(value, publication);
			note();
		});
	const hear = (publication: Publication<T>) => {
		if (held) held.push(publication);
		else if ((publication.offset ?? told + 1) > told) take(publication);
	};
	/** What was kept comes first, then what was held back, without what stands in both. */
	const readHistory = async (name: string, limit: number) => {
		held ??= [];
		const late = held;
		let kept: PublicationContext[] = [];
		try {
			kept = (await connection.client.history(name, { limit, reverse: true })).publications;
		} catch {
			// cut off meanwhile: asked again when it is back, and held until then
			if (store.snapshot().state !== "live") begun = false;
		}
		if (!begun || late !== held) return;
		held = null;
		for (const event of kept.reverse())
			safely(() => {
				told = event.offset ?? 0;
				take(publicationOf(event, connection.codec) as Publication<T>);
			});
		late.forEach(hear);
	};
	const changed = (name: string, status: ChannelStatus) => {
		const { history, onGap } = latest.current;
		const missed = status.gaps > gaps;
		gaps = status.gaps;
		store.set({ ...status, value });
		if (status.state === "live" && !begun) {
			begun = true;
			if (history) void readHistory(name, history);
		}
		if (!missed) return;
		told = 0; // positions may begin anew
		onGap?.();
	};
	const store: Store<UseChannel<V>> = createStore<UseChannel<V>>(
		{ ...unknown, value: latest.current.initial as V, retry: () => channel?.retry() },
		() => {
			if (name === null) return;
			const used = channelOf(connection, name);
			channel = used;
			value = latest.current.initial as V;
			gaps = used.snapshot().gaps;
			told = 0;
			const leave = used.subscribe((event) => {
				if (!event) changed(name, used.snapshot());
				else if (event.publication) hear(event.publication as Publication<T>);
			});
			return () => {
				leave();
				begun = false;
				held = null;
			};
		},
	);
	return store;
}
