import type { ClientInfo, PublicationContext, StreamPosition, Subscription } from "centrifuge";
import type { Codec } from "./codec";
import type { Connection } from "./connection-store";
import { safely, tellAll } from "./store";

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

/** Somebody who uses a channel. */
export interface ChannelUser {
	/** Whether joins and leaves are wanted. */
	joinLeave?: boolean;
	/** How the channel stands: told at once, and after each change. */
	changed(status: ChannelStatus, retry: () => void): void;
	publication?(publication: Publication): void;
	/** Subscribed, at first or again. */
	subscribed?(subscription: Subscription, gap: boolean): void;
	/** Somebody has come, or gone. */
	moved?(member: Member, here: boolean): void;
}

/** Uses one channel of a connection, until the function that it returns is called. */
export type Channel = (user: ChannelUser) => () => void;

/**
 * Uses a channel: centrifuge-js refuses a second subscription to one, so all who use
 * it share that. The last to leave ends it, a tick later, so that a remount does not
 * resubscribe.
 */
export function useOf(connection: Connection, name: string, user: ChannelUser): () => void {
	const { channels } = connection;
	const channel = channels.get(name) ?? createChannel(connection, name);
	channels.set(name, channel);
	return channel(user);
}

function createChannel(connection: Connection, name: string): Channel {
	const { channels, client, codec } = connection;
	const users = new Set<ChannelUser>();
	let status = unknown;
	let subscription: Subscription | undefined;
	let joinLeave = false;
	let wasLive = false;
	let position: StreamPosition | null = null;

	const tell = (how: (user: ChannelUser) => void) => tellAll(users, how);
	const retry = () => {
		if (status.refusal) subscription?.subscribe();
	};
	const change = (to: Partial<ChannelStatus>) => {
		status = { ...status, refusal: null, ...to };
		tell((user) => user.changed(status, retry));
	};
	const remove = () => {
		subscription?.removeAllListeners();
		client.removeSubscription(subscription ?? null);
		subscription = undefined;
	};
	/** A microtask after a user has come, all users of the render are known, and what they need. */
	const settle = () => {
		const wanted = [...users].some((user) => user.joinLeave);
		if (!users.size || (subscription && (joinLeave || !wanted))) return;
		joinLeave = wanted;
		remove();
		subscribe();
	};
	/** From where an earlier subscription was, if there was one. */
	const subscribe = () => {
		const made = client.newSubscription(name, { joinLeave, since: position });
		const moved = (here: boolean) =>
			made.on(here ? "join" : "leave", ({ info }) => tell((user) => user.moved?.(memberOf(info, codec), here)));
		subscription = made;
		made.on("subscribing", () => change({ state: wasLive ? "recovering" : "connecting" }));
		made.on("subscribed", ({ wasRecovering, recovered, streamPosition = null }) => {
			const gap = wasRecovering && !recovered;
			wasLive = true;
			position = streamPosition;
			change({ state: "live", gaps: status.gaps + +gap });
			tell((user) => user.subscribed?.(made, gap));
		});
		made.on("unsubscribed", ({ code, reason }) => change({ state: "refused", refusal: { code, reason } }));
		made.on("publication", (event) => {
			if (position && event.offset) position.offset = event.offset;
			safely(() => {
				const publication = publicationOf(event, codec);
				tell((user) => user.publication?.(publication));
			});
		});
		moved(true);
		moved(false);
		made.subscribe();
	};
	const channel: Channel = (user) => {
		users.add(user);
		queueMicrotask(settle);
		user.changed(status, retry);
		if (subscription && status.state === "live") user.subscribed?.(subscription, false);
		return () => {
			users.delete(user);
			setTimeout(() => {
				if (users.size || channels.get(name) !== channel) return;
				channels.delete(name);
				remove();
			});
		};
	};
	return channel;
}

/** An event as centrifuge-js tells it, with its payloads decoded. */
export function publicationOf({ data, info, ...rest }: PublicationContext, codec: Codec): Publication {
	return { ...rest, data: codec.decode(data), ...(info && { info: memberOf(info, codec) }) };
}

/** A member as centrifuge-js tells it, with its payloads decoded. */
export function memberOf({ client, user, connInfo, chanInfo }: ClientInfo, codec: Codec): Member {
	return { client, user, connInfo: codec.decode(connInfo), chanInfo: codec.decode(chanInfo) };
}
