import { memo, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useServerChannels } from "yodel-react";
import { useSession } from "../session";
import { useAnswer } from "../use-answer";
import { useChannel, useRpc } from "../yodel";
import { ChatContext, useChat, useChatState } from "./chat";
import { ChatStore } from "./chat-store";
import { isMissing, isUserEvent } from "./events";
import type { Rooms } from "./rooms";

/** Reads the rooms, follows each of them, and counts what came in. */
export function ChatProvider({ children }: { children: ReactNode }) {
	const [store] = useState(() => new ChatStore());
	const { call: list } = useRpc("room.list");
	// Counts may have moved while away, with or without a gap: one cheap question at every arrival.
	const ask = useCallback(
		async (signal: AbortSignal) => {
			const { rooms } = await list({}, signal);
			if (!signal.aborted) store.dispatch({ type: "listed", rooms });
		},
		[list, store],
	);
	const { problem, retry: askRooms } = useAnswer(ask);
	const askContacts = useContacts(store);
	const reload = useCallback(() => {
		askRooms();
		askContacts();
	}, [askRooms, askContacts]);
	useEffect(() => store.fail(problem && "Your rooms could not be read."), [store, problem]);
	useServerChannels({
		onPublication: (channel, data) => {
			if (isUserEvent(channel, data)) store.hear(data);
		},
		onSubscribed: (_, gap) => gap && reload(),
	});
	const chat = useMemo(() => ({ store, reload }), [store, reload]);
	return (
		<ChatContext value={chat}>
			<Followers />
			{children}
		</ChatContext>
	);
}

/** Reads who asks somebody in and whom they keep away, at every arrival and when it is called. */
function useContacts(store: ChatStore): () => void {
	const { call: list } = useRpc("invitation.list");
	const { call: kept } = useRpc("people.blocked");
	const askedIn = useCallback(
		async (signal: AbortSignal) => {
			const { invitations } = await list({}, signal);
			if (!signal.aborted) store.contacts({ type: "invitations", invitations });
		},
		[list, store],
	);
	const keptAway = useCallback(
		async (signal: AbortSignal) => {
			const { people } = await kept({}, signal);
			if (!signal.aborted) store.contacts({ type: "blocked", people });
		},
		[kept, store],
	);
	const { retry: askIn } = useAnswer(askedIn);
	const { retry: askKept } = useAnswer(keptAway);
	return useCallback(() => {
		askIn();
		askKept();
	}, [askIn, askKept]);
}

/** A connection follows at most 256 channels: these, one's own, and those of the room that is open. */
const mostFollowed = 240;

/** The rooms to follow: all, or the latest active where others have opened more direct ones than a connection follows. */
function followed(rooms: Rooms): string[] {
	const all = [...(rooms?.values() ?? [])];
	if (all.length > mostFollowed) all.sort((a, b) => b.active_at.localeCompare(a.active_at)).splice(mostFollowed);
	return all.map(({ id }) => id);
}

function Followers() {
	const { reload } = useChat();
	const ids = useChatState(({ rooms }) => followed(rooms).join(" "));
	const reloadOnce = useOnce(reload);
	return ids.split(" ").map((id) => id && <Follower key={id} roomId={id} onGap={reloadOnce} />);
}

/** Hears one room for the counts, whether it is open or not. */
const Follower = memo(function Follower({ roomId, onGap }: { roomId: string; onGap: () => void }) {
	const { user } = useSession();
	const { store } = useChat();
	const heard = useRef(0);
	useChannel(`room:${roomId}`, {
		onPublication: ({ data }) => {
			heard.current = Math.max(heard.current, store.snapshot().rooms?.get(roomId)?.seq ?? 0);
			if (data.seq <= heard.current) return;
			if (isMissing(data, heard.current)) onGap();
			else {
				heard.current = data.seq;
				store.dispatch({ type: "room", event: data, me: user.id });
			}
		},
		onGap,
	});
	return null;
});

/** One call for all that ask within a task, as when every room has missed something at once. */
function useOnce(work: () => void): () => void {
	const asked = useRef(false);
	return useCallback(() => {
		if (asked.current) return;
		asked.current = true;
		setTimeout(() => {
			asked.current = false;
			work();
		});
	}, [work]);
}
