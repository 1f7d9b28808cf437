"use client";
import type { Connection } from "./connection-store";
import type { Contract, ContractLike } from "./contract";
import { createStore, type Store, tellAll } from "./store";
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
	useStore("useBroadcast", createEar, "", listener as Listener);
}

/** Shows nothing, and tells the latest listener. */
function createEar(connection: Connection, _: string, latest: Latest<Listener>): Store<null> {
	return createStore(null, () => {
		const { client, codec } = connection; // made here: never on a server
		const hear = ({ data }: { data: unknown }) => tellAll([latest.current], (tell) => tell(codec.decode(data)));
		client.on("message", hear);
		return () => client.off("message", hear);
	});
}
