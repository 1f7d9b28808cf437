import type { ClientInfo, PublicationContext, StreamPosition, Subscription } from "centrifuge";
import type { Codec } from "./codec";
import type { Connection } from "./connection-store";
import type { Presence } from "./presence";
import { createStore, type Store, safely } from "./store";

/** Who is or was in a channel. */
export interface Member {
	/** The connection's id: two tabs of one person are two members. */
	client: string;
	/** The user's id; empty for somebody without a login. */
	user: string;
	/** What the server tells of the connection. */
	connInfo?: unknown;
	/** What the server tells of the subscription. */
	chanInfo?: unknown;
}

/** One event in a channel. */
export interface Publication<T = unknown> {
	data: T;
	channel: string;
	/** Position in the channel, ascending without gaps; only where the channel keeps history. */
	offset?: number;
	/** Who published, where a client did. */
	info?: Member;
	tags?: Record<string, string>;
}

/**
 * Where a channel stands.
 *
 * - `connecting`: not subscribed yet
 * - `live`: every event arrives
 * - `recovering`: was live, and fills the gap when it comes back
 * - `refused`: not allowed, unknown, or taken away; see `refusal`
 */
export type ChannelState = "connecting" | "live" | "recovering" | "refused";

/** What a screen can show of a channel. */
export interface ChannelStatus {
	state: ChannelState;
	/** The code and reason of a refusal (Centrifugo's protocol: 102 unknown, 103 not allowed, 2000 taken away). */
	refusal: { code: number; reason: string } | null;
	/** How often events were missed that could not be recovered. After the first, load anew what you show. */
	gaps: number;
}

/** What stands before a channel has told anything. */
export const unknown: ChannelStatus = { state: "connecting", refusal: null, gaps: 0 };

/** What happens in a channel: somebody has published, or has come or gone. */
export interface ChannelEvent {
	publication?: Publication;
	joined?: Member;
	left?: Member;
}

/** A channel as long as somebody watches it: how it stands, and each event. */
export interface Channel extends Store<ChannelStatus, ChannelEvent> {
	/** Subscribes again after a refusal. */
	retry: () => void;
	/** Asks for joins and leaves from now on. */
	follow: () => void;
	/** Who is there, where somebody shows it. */
	presence?: Presence;
}

/** The channel of a name: centrifuge-js refuses a second subscription to one, so all who use it share that. */
export function channelOf(connection: Connection, name: string): Channel {
	const { channels } = connection;
	const channel = channels.get(name) ?? createChannel(connection, name);
	channels.set(name, channel);
	return channel;
}

function createChannel({ channels, client, codec }: Connection, name: string): Channel {
	let subscription: Subscription | undefined;
	let joinLeave = false;
	let position: StreamPosition | null = null;

	const change = (to: Partial<ChannelStatus>) => store.set({ refusal: null, ...to });
	const tell = (event: () => ChannelEvent) => safely(() => store.set({}, event()));
	const remove = () => client.removeSubscription(subscription?.removeAllListeners() ?? null);
	/** From where an earlier subscription was, if there was one. */
	const subscribe = () => {
		remove();
		subscription = client.newSubscription(name, { since: position, joinLeave });
		subscription
			.on("subscribing", () => change({ state: store.snapshot().state === "live" ? "recovering" : "connecting" }))
			.on("subscribed", ({ wasRecovering, recovered, streamPosition = null }) => {
				position = streamPosition;
				change({ state: "live", gaps: store.snapshot().gaps + +(wasRecovering && !recovered) });
			})
			.on("unsubscribed", ({ code, reason }) => change({ state: "refused", refusal: { code, reason } }))
			.on("publication", (event) => {
				if (position && event.offset) position.offset = event.offset;
				tell(() => ({ publication: publicationOf(event, codec) }));
			})
			.on("join", ({ info }) => tell(() => ({ joined: memberOf(info, codec) })))
			.on("leave", ({ info }) => tell(() => ({ left: memberOf(info, codec) })))
			.subscribe();
	};
	const store = createStore<ChannelStatus, ChannelEvent>(unknown, () => {
		queueMicrotask(subscribe); // by then it is known what all users of the render need
		return () => {
			channels.delete(name);
			remove();
			subscription = undefined; // retry asks no more
		};
	});
	return {
		...store,
		retry: () => subscription?.subscribe(),
		follow: () => {
			if (subscription && !joinLeave) queueMicrotask(subscribe);
			joinLeave = true;
		},
	};
}

/** An event as centrifuge-js tells it, with its payloads decoded. */
export function publicationOf(event: PublicationContext, codec: Codec): Publication {
	return { ...event, data: codec.decode(event.data), ...(event.info && { info: memberOf(event.info, codec) }) };
}

/** A member as centrifuge-js tells it, with its payloads decoded. */
export function memberOf({ client, user, connInfo, chanInfo }: ClientInfo, codec: Codec): Member {
	return { client, user, connInfo: codec.decode(connInfo), chanInfo: codec.decode(chanInfo) };
}
