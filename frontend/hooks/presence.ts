import type { ClientInfo } from "centrifuge";
import { type ChannelEvent, channelOf, type Member, memberOf } from "./channel";
import type { Connection } from "./connection-store";
import { type RpcError, rpcErrorOf } from "./rpc-error";
import { createStore, type Store } from "./store";

/** Who is in a channel. */
export interface PresenceSnapshot {
	/** In the order in which they were seen; the same person may be there with several connections. */
	members: readonly Member[];
	/** Whether the members are known: false until the first answer, and while recovering. */
	known: boolean;
	/** Why they could not be asked for. */
	error: RpcError | null;
}

/** Who is in a channel; all who show it share one answer. */
export type Presence = Store<PresenceSnapshot>;

/** The presence of a channel, for as long as somebody shows it. */
export function presenceOf(connection: Connection, name: string): Presence {
	const channel = channelOf(connection, name);
	channel.presence ??= createPresence(connection, name);
	return channel.presence;
}

/** Asks at every subscribe, then keeps up with joins and leaves. */
function createPresence(connection: Connection, name: string): Presence {
	const { codec } = connection;
	let members: Record<string, Member> = {};
	/** What happened since the question whose answer is awaited, if one is. */
	let since: ChannelEvent[] | undefined;

	const show = (to?: Partial<PresenceSnapshot>) => presence.set({ ...to, members: Object.values(members) });
	const move = ({ joined, left }: ChannelEvent) => {
		if (joined) members[joined.client] = joined;
		if (left) delete members[left.client];
	};
	const ask = async () => {
		const question: ChannelEvent[] = [];
		since = question;
		try {
			const { clients } = await connection.client.presence(name);
			if (question !== since) return;
			members = {};
			for (const id in clients) members[id] = memberOf(clients[id] as ClientInfo, codec);
			question.forEach(move);
			since = undefined;
			show({ known: true, error: null });
		} catch (error) {
			if (question === since) show({ error: rpcErrorOf(error) });
		}
	};
	const presence: Presence = createStore<PresenceSnapshot>({ members: [], known: false, error: null }, () => {
		const channel = channelOf(connection, name);
		channel.follow();
		return channel.subscribe((event) => {
			if (!event) {
				since = undefined; // an answer that is under way counts no more
				return channel.snapshot().state === "live" ? void ask() : show({ known: false });
			}
			if (event.publication) return;
			move(event);
			show();
			since?.push(event);
		});
	});
	return presence;
}
