"use client";
import type { ChannelNameOf, Contract, ContractLike } from "./contract";
import { type PresenceSnapshot, presenceOf } from "./presence";
import { useStore } from "./use-store";

/**
 * Who is in a channel: asked for at every subscribe, then kept up with joins and
 * leaves. The channel must offer presence and tell of joins.
 *
 * @example
 * ```tsx
 * const { members, known } = usePresence("room:42");
 * const people = new Set(members.map(({ user }) => user));
 * ```
 */
export function usePresence<C extends ContractLike = Contract>(name: ChannelNameOf<C>): PresenceSnapshot {
	return useStore(presenceOf, name, undefined);
}
