"use client";
import { createReader, type Reading, type UseChannel } from "./channel-reader";
import type { ChannelNameOf, Contract, ContractLike, EventOf } from "./contract";
import { useStore } from "./use-store";

/**
 * Reads a channel: every event once and in order, by a reducer, a callback or
 * both. Components of one channel share one subscription; the last to leave ends
 * it. Where the channel keeps history, what was missed during a cut follows by
 * itself, and `gaps` counts the times when it could not be recovered.
 *
 * @param name the channel; null for none
 * @param reading callbacks may be new at every render
 *
 * @example
 * ```tsx
 * const { value: messages, state, gaps } = useChannel("room:42", {
 * 	initial: [],
 * 	reduce: (messages, { data }) => [...messages, data],
 * 	history: 50,
 * });
 * ```
 * @example
 * ```tsx
 * useChannel("room:42", { onPublication: ({ data }) => play(data.sound), onGap: reload });
 * ```
 */
export function useChannel<
	C extends ContractLike = Contract,
	Name extends ChannelNameOf<C> = ChannelNameOf<C>,
	V = undefined,
>(name: Name | null, reading: Reading<EventOf<C, Name>, V> = {}): UseChannel<V> {
	return useStore(createReader<EventOf<C, Name>, V>, name, reading);
}
