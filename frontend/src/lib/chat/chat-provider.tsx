import { memo, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useServerChannels } from "yodel-react";
import { useSession } from "../session";
import { useAnswer } from "../use-answer";
import { useChannel, useRpc } from "../yodel";
import { ChatContext, useChat, useChatState } from "./chat";
import { ChatStore } from "./chat-store";
import { isUserEvent } from "./events";

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
	const { problem, retry: reload } = useAnswer(ask);
	useEffect(() => store.fail(problem && "Your rooms could not be read."), [store, problem]);
	useServerChannels({
		onPublication: (channel, data) => {
			if (isUserEvent(channel, data)) store.dispatch({ type: "user", event: data });
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

function Followers() {
	const { reload } = useChat();
	const ids = useChatState(({ rooms }) => [...(rooms?.keys() ?? [])].join(" "));
	const reloadOnce = useOnce(reload);
	return ids.split(" ").map((id) => id && <Follower key={id} roomId={id} onGap={reloadOnce} />);
}

/** Hears one room for the counts, whether it is open or not. */
const Follower = memo(function Follower({ roomId, onGap }: { roomId: string; onGap: () => void }) {
	const { user } = useSession();
	const { store } = useChat();
	useChannel(`room:${roomId}`, {
		onPublication: ({ data }) => store.dispatch({ type: "room", event: data, me: user.id }),
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
