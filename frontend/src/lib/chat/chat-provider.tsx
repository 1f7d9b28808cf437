import { type Dispatch, type ReactNode, useCallback, useEffect, useReducer, useRef, useState } from "react";
import { useServerChannels } from "yodel-react";
import { useSession } from "../session";
import { useChannel, useConnection, useRpc } from "../yodel";
import { ChatContext } from "./chat";
import { isUserEvent } from "./events";
import { type RoomsAction, roomsReducer } from "./rooms";

/** Reads the rooms, follows each of them, and counts what came in. */
export function ChatProvider({ children }: { children: ReactNode }) {
	const [rooms, dispatch] = useReducer(roomsReducer, null);
	const [problem, setProblem] = useState("");
	const [reading, setReading] = useState<string | null>(null);
	const { call: list } = useRpc("room.list");
	const { state } = useConnection();
	const reload = useCallback(() => {
		list({}).then(
			(answer) => {
				setProblem("");
				dispatch({ type: "listed", rooms: answer.rooms });
			},
			(error: Error) => error.name !== "AbortError" && setProblem("Your rooms could not be read."),
		);
	}, [list]);
	// Counts may have moved while away, with or without a gap: one cheap question at every arrival.
	useEffect(() => {
		if (state === "live") reload();
	}, [state, reload]);
	useServerChannels({
		onPublication: (channel, data) => {
			if (isUserEvent(channel, data)) dispatch({ type: "user", event: data });
		},
		onSubscribed: (_, gap) => gap && reload(),
	});
	const reloadOnce = useOnce(reload);
	return (
		<ChatContext value={{ rooms, problem, reload, dispatch, reading, setReading }}>
			{[...(rooms?.keys() ?? [])].map((id) => (
				<Follower key={id} roomId={id} dispatch={dispatch} onGap={reloadOnce} />
			))}
			{children}
		</ChatContext>
	);
}

interface FollowerProps {
	roomId: string;
	dispatch: Dispatch<RoomsAction>;
	onGap: () => void;
}

/** Hears one room for the counts, whether it is open or not. */
function Follower({ roomId, dispatch, onGap }: FollowerProps) {
	const { user } = useSession();
	useChannel(`room:${roomId}`, {
		onPublication: ({ data }) => dispatch({ type: "room", event: data, me: user.id }),
		onGap,
	});
	return null;
}

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
