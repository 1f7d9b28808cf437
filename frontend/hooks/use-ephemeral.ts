"use client";
import type { ChannelNameOf, Contract, ContractLike, EventOf } from "./contract";
import { createEphemeral, type EphemeralOptions, type UseEphemeral } from "./ephemeral";
import { useStore } from "./use-store";

/**
 * States that last for moments, such as who is typing: sent seldom, forgotten by
 * themselves. The channel must allow its clients to publish; one without history
 * fits best.
 *
 * @example
 * ```tsx
 * const { others, send } = useEphemeral("typing:42", { expire: 4000 });
 * <input onChange={() => send({ typing: true })} onBlur={() => send(null)} />
 * <p>{others.map(({ member }) => member.user).join(", ")}</p>
 * ```
 */
export function useEphemeral<C extends ContractLike = Contract, Name extends ChannelNameOf<C> = ChannelNameOf<C>>(
	name: Name,
	options: EphemeralOptions = {},
): UseEphemeral<EventOf<C, Name>> {
	return useStore(createEphemeral<EventOf<C, Name>>, name, options);
}
