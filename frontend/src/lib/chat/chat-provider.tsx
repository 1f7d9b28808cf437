import { type Dispatch, type ReactNode, useCallback, useEffect, useReducer, useRef, useState } from "react";
import { useServerChannels } from "yodel-react";
import type { MyRoom } from "../../../contract/realtime.gen";
import { useSession } from "../session";
import { useChannel, useConnection, useRpc } from "../yodel";
import { ChatContext } from "./chat";
import { contactsReducer, noContacts } from "./contacts";
import { isMissing, isUserEvent } from "./events";
import { type Rooms, type RoomsAction, roomsReducer } from "./rooms";

/** Reads the rooms, follows each of them, and counts what came in. */
export function ChatProvider({ children }: { children: ReactNode }) {
	const [rooms, dispatch] = useReducer(roomsReducer, null);
	const [contacts, tellContacts] = useReducer(contactsReducer, noContacts);
	const [problem, setProblem] = useState("");
	const [reading, setReading] = useState<string | null>(null);
	const { call: list } = useRpc("room.list");
	const { call: invitations } = useRpc("invitation.list");
	const { call: blocked } = useRpc("people.blocked");
	const { state } = useConnection();
	const reload = useCallback(() => {
		list({}).then(
			(answer) => {
				setProblem("");
				dispatch({ type: "listed", rooms: answer.rooms });
			},
			(error: Error) => error.name !== "AbortError" && setProblem("Your rooms could not be read."),
		);
		const later = () => {}; // the next arrival reads again
		invitations({}).then((answer) => tellContacts({ type: "invitations", invitations: answer.invitations }), later);
		blocked({}).then((answer) => tellContacts({ type: "blocked", people: answer.people }), later);
	}, [list, invitations, blocked]);
	// Counts may have moved while away, with or without a gap: one cheap question at every arrival.
	useEffect(() => {
		if (state === "live") reload();
	}, [state, reload]);
	useServerChannels({
		onPublication: (channel, data) => {
			if (!isUserEvent(channel, data)) return;
			dispatch({ type: "user", event: data });
			tellContacts({ type: "user", event: data });
		},
		onSubscribed: (_, gap) => gap && reload(),
	});
	const reloadOnce = useOnce(reload);
	return (
		<ChatContext value={{ rooms, contacts, problem, reload, dispatch, reading, setReading }}>
			{followed(rooms).map(({ id, seq }) => (
				<Follower key={id} roomId={id} seq={seq} dispatch={dispatch} onGap={reloadOnce} />
			))}
			{children}
		</ChatContext>
	);
}

/** A connection follows at most 256 channels: these, one's own, and those of the room that is open. */
const mostFollowed = 240;

/** The rooms to follow: all, or the latest active where others have opened more direct ones than a connection follows. */
function followed(rooms: Rooms): MyRoom[] {
	const all = [...(rooms?.values() ?? [])];
	if (all.length <= mostFollowed) return all;
	return all.sort((a, b) => b.active_at.localeCompare(a.active_at)).slice(0, mostFollowed);
}

interface FollowerProps {
	roomId: string;
	/** The seq up to which the counts of the room are right. */
	seq: number;
	dispatch: Dispatch<RoomsAction>;
	onGap: () => void;
}

/** Hears one room for the counts, whether it is open or not. */
function Follower({ roomId, seq, dispatch, onGap }: FollowerProps) {
	const { user } = useSession();
	const heard = useRef(seq);
	heard.current = Math.max(heard.current, seq);
	useChannel(`room:${roomId}`, {
		onPublication: ({ data }) => {
			if (data.seq <= heard.current) return;
			if (isMissing(data, heard.current)) onGap();
			else {
				heard.current = data.seq;
				dispatch({ type: "room", event: data, me: user.id });
			}
		},
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
