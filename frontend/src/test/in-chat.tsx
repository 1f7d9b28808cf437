import { act, render } from "@testing-library/react";
import { type ReactNode, StrictMode } from "react";
import { cookie } from "yodel-react";
import { FakeServer, type FakeServerOptions } from "yodel-react/testing";
import type { Message, MyRoom, Person } from "../../contract/realtime.gen";
import type { User } from "../lib/api";
import { ChatProvider } from "../lib/chat/chat-provider";
import { OutboxProvider } from "../lib/chat/outbox-provider";
import { type Session, SessionContext } from "../lib/session";
import { YodelProvider } from "../lib/yodel";

export const alice: User = { id: "alice", username: "alice", name: "Alice", role: "member" };
export const bob: Person = { id: "bob", username: "bob", name: "Bob" };

/** A room as its member sees it. */
export function roomOf(more: Partial<MyRoom> = {}): MyRoom {
	const at = "2026-01-01T10:00:00Z";
	const counts = { seq: 0, messages: 0, members: 2, read_number: 0, unread: 0, mentions: 0 };
	return {
		id: "r",
		kind: "public",
		name: "Ridge",
		topic: "",
		created_by: "alice",
		created_at: at,
		active_at: at,
		archived_at: null,
		role: "member",
		...counts,
		...more,
	};
}

/** A message of a room, as the server tells it. */
export function messageOf(number: number, more: Partial<Message> = {}): Message {
	return {
		id: `m${number}`,
		room_id: "r",
		number,
		author: bob,
		text: `text ${number}`,
		mentions: [],
		reactions: [],
		sent_at: "2026-01-01T10:00:00Z",
		edited_at: null,
		deleted_at: null,
		rev: number,
		...more,
	};
}

/** A server with one room and whatever else a test needs. */
export function serverOf(rpc: FakeServerOptions["rpc"] = {}, more: Omit<FakeServerOptions, "rpc"> = {}): FakeServer {
	return new FakeServer({ ...more, rpc: { "room.list": () => ({ rooms: [roomOf()] }), ...rpc } });
}

/** Shows something of the chat to Alice, on a connection to a server in memory. */
export async function inChat(server: FakeServer, children: ReactNode, user: User = alice) {
	const session: Session = { user, onUser: () => {}, onSignedOut: () => {} };
	const page = render(
		<SessionContext value={session}>
			<YodelProvider url="ws://test/ws" socket={server.socket} credentials={cookie()}>
				<ChatProvider>
					<OutboxProvider>{children}</OutboxProvider>
				</ChatProvider>
			</YodelProvider>
		</SessionContext>,
		{ wrapper: StrictMode },
	);
	await settled();
	return page;
}

/** Lets everything happen that is on its way. */
export async function settled(): Promise<void> {
	for (let i = 0; i < 5; i++) await act(() => new Promise((resolve) => setTimeout(resolve)));
}
