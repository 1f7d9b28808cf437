"use client";
import type { ReactNode } from "react";
import type { Reading, UseChannel } from "./channel-reader";
import type { UseConnection } from "./connection-store";
import type { ChannelNameOf, ContractLike, EventOf, InputOf, MethodOf, OutputOf } from "./contract";
import type { EphemeralOptions, UseEphemeral } from "./ephemeral";
import type { PresenceSnapshot } from "./presence";
import { YodelProvider, type YodelProviderProps } from "./provider";
import type { UseRpc } from "./rpc";
import { useBroadcast } from "./use-broadcast";
import { useChannel } from "./use-channel";
import { useConnection } from "./use-connection";
import { useEphemeral } from "./use-ephemeral";
import { usePresence } from "./use-presence";
import { useRpc } from "./use-rpc";

/** The provider and the hooks, with the types of one contract. */
export interface Yodel<C extends ContractLike> {
	YodelProvider: (props: YodelProviderProps) => ReactNode;
	useConnection: () => UseConnection;
	useChannel: <const Name extends ChannelNameOf<C>, V = undefined>(
		name: Name | null,
		reading?: Reading<EventOf<C, Name>, V>,
	) => UseChannel<V>;
	usePresence: (name: ChannelNameOf<C>) => PresenceSnapshot;
	useRpc: <Method extends MethodOf<C>>(method: Method) => UseRpc<InputOf<C, Method>, OutputOf<C, Method>>;
	useBroadcast: (listener: (message: C["messages"]) => void) => void;
	useEphemeral: <const Name extends ChannelNameOf<C>>(
		name: Name,
		options?: EphemeralOptions,
	) => UseEphemeral<EventOf<C, Name>>;
}

/**
 * The hooks of a contract: the same functions, whose names and payloads the
 * compiler now knows. Call it once, in a module of your own.
 *
 * @example
 * ```ts
 * "use client";
 * import { createYodel } from "yodel-react";
 * import type { Contract } from "./contract";
 *
 * export const { YodelProvider, useConnection, useChannel, useRpc } = createYodel<Contract>();
 * ```
 */
export function createYodel<C extends ContractLike>(): Yodel<C> {
	const hooks = { YodelProvider, useConnection, useChannel, usePresence, useRpc, useBroadcast, useEphemeral };
	return hooks as unknown as Yodel<C>;
}
