"use client";
import { useEffect, useState, useSyncExternalStore } from "react";
import type { Connection } from "./connection-store";
import { useProvided } from "./context";
import { itself, type Watched } from "./store";

/** What a hook was given at the latest render: may be new every time, and makes nothing anew. */
export interface Latest<L> {
	current: L;
}

/**
 * Makes what a hook shows, anew for another connection or name alone. It is state, not
 * a memo: React may forget those, and does at every hot reload, with what was gathered.
 */
export function useStore<T, L, N extends string | null>(
	make: (connection: Connection, name: N, latest: Latest<L>) => Watched<T>,
	name: N,
	given: L,
): T {
	const from = [useProvided(), name, make] as const;
	const fresh = () => {
		const latest = { current: given };
		return [from, latest, make(from[0], name, latest)] as const;
	};
	let [made, remember] = useState(fresh);
	if (from.some((part, i) => part !== made[0][i])) {
		made = fresh();
		remember(made);
	}
	const [, latest, store] = made;
	useEffect(() => {
		latest.current = given;
		return () => {
			latest.current = itself as L; // who has gone is told nothing: a function without effect or members
		};
	});
	return useSyncExternalStore(store.subscribe, store.snapshot, store.snapshot);
}
