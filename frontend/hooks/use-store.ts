"use client";
import { useEffect, useState, useSyncExternalStore } from "react";
import type { Connection } from "./connection-store";
import { useProvided } from "./context";
import type { Store } from "./store";

/** What a hook was given at the latest render: may be new every time, and makes nothing anew. */
export interface Latest<L> {
	current: L;
}

/**
 * Makes what a hook shows, anew for another connection or name alone. It is state, not
 * a memo: React may forget those, and does at every hot reload, with what was gathered.
 */
export function useStore<T, L, N extends string | null>(
	hook: string,
	make: (connection: Connection, name: N, latest: Latest<L>) => Store<T>,
	name: N,
	given: L,
): T {
	const connection = useProvided(hook);
	const fresh = () => {
		const latest = { current: given };
		return { connection, name, make, latest, store: make(connection, name, latest) };
	};
	let [made, remember] = useState(fresh);
	if (made.connection !== connection || made.name !== name || made.make !== make) {
		made = fresh();
		remember(made);
	}
	const { latest, store } = made;
	useEffect(() => {
		latest.current = given;
	});
	return useSyncExternalStore(store.subscribe, store.snapshot, store.snapshot);
}
