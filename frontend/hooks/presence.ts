import type { ClientInfo } from "centrifuge";
import { type ChannelUser, type Member, memberOf, useOf } from "./channel";
import type { Connection } from "./connection-store";
import { RpcError } from "./rpc-error";
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
	const { presences } = connection;
	const presence = presences.get(name) ?? createPresence(connection, name);
	presences.set(name, presence);
	return presence;
}

/** Asks at every subscribe, then keeps up with joins and leaves. */
function createPresence(connection: Connection, name: string): Presence {
	const { presences, codec } = connection;
	let members = new Map<string, Member>();
	/** What happened since the question whose answer is awaited, if one is. */
	let since: (() => void)[] | undefined;

	const show = (known: boolean, error: RpcError | null = null) =>
		presence.set({ members: [...members.values()], known, error });
	const user: ChannelUser = {
		joinLeave: true,
		changed: ({ state }) => {
			if (state !== "live" && presence.snapshot().known) show(false);
		},
		moved: (member, here) => {
			const move = () => {
				if (here) members.set(member.client, member);
				else members.delete(member.client);
			};
			move();
			since?.push(move);
			if (presence.snapshot().known) show(true);
		},
		subscribed: async (subscription) => {
			const question: (() => void)[] = [];
			since = question;
			try {
				const { clients } = await subscription.presence();
				if (question !== since) return;
				members = new Map(Object.values(clients).map((info: ClientInfo) => [info.client, memberOf(info, codec)]));
				for (const move of question) move();
				since = undefined;
				show(true);
			} catch (error) {
				if (question === since) show(false, RpcError.from(error));
			}
		},
	};
	const presence: Presence = createStore<PresenceSnapshot>({ members: [], known: false, error: null }, () => {
		presences.set(name, presence);
		const leave = useOf(connection, name, user);
		return () => {
			leave();
			presences.delete(name);
		};
	});
	return presence;
}
