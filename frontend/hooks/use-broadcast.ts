"use client";
import type { Connection } from "./connection-store";
import type { Contract, ContractLike } from "./contract";
import { createStore, type Store, safely } from "./store";
import { type Latest, useStore } from "./use-store";

type Listener = (message: unknown) => void;

/**
 * Hears every message that belongs to no channel: what the server sends to a user
 * or to everybody. Messages have no history; none arrives during a cut.
 *
 * @param listener may be new at every render
 *
 * @example
 * ```tsx
 * useBroadcast((message) => toast(message.text));
 * ```
 */
export function useBroadcast<C extends ContractLike = Contract>(listener: (message: C["messages"]) => void): void {
	useStore(createEar, "", listener as Listener);
}

/** Shows nothing, and tells the latest listener. */
function createEar({ client, codec }: Connection, _: string, latest: Latest<Listener>): Store<object> {
	return createStore({}, () => {
		const hear = ({ data }: { data: unknown }) => safely(() => latest.current(codec.decode(data)));
		client.on("message", hear);
		return () => client.off("message", hear);
	});
}
