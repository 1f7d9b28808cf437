"use client";
import type { ServerPublicationContext, ServerSubscribedContext } from "centrifuge";
import type { Connection } from "./connection-store";
import { createStore, type Store, safely } from "./store";
import { type Latest, useStore } from "./use-store";

/** What hears the channels that the server itself has subscribed the connection to. */
export interface ServerChannelListener {
	/** One event, in the order of its channel. */
	onPublication?: ((channel: string, data: unknown) => void) | undefined;
	/** Subscribed, at first or again; `gap` where events were missed that could not be recovered. */
	onSubscribed?: ((channel: string, gap: boolean) => void) | undefined;
}

/**
 * Hears the channels that the server subscribes a connection to by itself, such
 * as one for each user. Mount it with the provider: what came before is not told.
 *
 * @param listener may be new at every render
 *
 * @example
 * ```tsx
 * useServerChannels({ onPublication: (channel, data) => update(data), onSubscribed: (channel, gap) => gap && reload() });
 * ```
 */
export function useServerChannels(listener: ServerChannelListener): void {
	useStore(createEar, "", listener);
}

/** Shows nothing, and tells the latest listener. */
function createEar({ client, codec }: Connection, _: string, latest: Latest<ServerChannelListener>): Store<object> {
	return createStore({}, () => {
		const tell = (how: (listener: ServerChannelListener) => void) => safely(() => how(latest.current));
		const hear = ({ channel, data }: ServerPublicationContext) =>
			tell((to) => to.onPublication?.(channel, codec.decode(data)));
		const subscribed = ({ channel, wasRecovering, recovered }: ServerSubscribedContext) =>
			tell((to) => to.onSubscribed?.(channel, wasRecovering && !recovered));
		client.on("publication", hear).on("subscribed", subscribed);
		return () => client.off("publication", hear).off("subscribed", subscribed);
	});
}
