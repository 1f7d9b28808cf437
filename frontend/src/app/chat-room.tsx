import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { lazy, useEffect, useState } from "react";
import type { MyRoom } from "../../contract/realtime.gen";
import { useChatState, useRoom } from "../lib/chat/chat";
import { lastRoom, rememberRoom } from "../lib/chat/last-room";
import { titleOf } from "../lib/chat/rooms";
import { usePageTitle } from "../lib/page-title";
import { part } from "../lib/part";
import { useSession } from "../lib/session";
import { Waiting } from "../ui/trouble";

const ConversationPage = lazy(
	part(() => import("../features/conversation/conversation-page").then((page) => ({ default: page.ConversationPage }))),
);

/** The room of the address. */
export function ChatRoom() {
	const { roomId } = useParams({ from: "/chat/rooms/$roomId" });
	return <OneRoom key={roomId} roomId={roomId} />;
}

function OneRoom({ roomId }: { roomId: string }) {
	const { user } = useSession();
	const room = useRoom(roomId);
	const known = useChatState(({ rooms }) => rooms !== null);
	const before = useName(room);
	usePageTitle(before);
	useEffect(() => rememberRoom(user.id, roomId), [user.id, roomId]);
	if (room) return <ConversationPage room={room} />;
	if (!known) return <div className="skeleton" aria-busy="true" role="img" aria-label="Loading the room" />;
	return <NoRoom name={before} />;
}

/** A room that one is not in: by a wrong address, or no longer. */
function NoRoom({ name }: { name: string }) {
	return (
		<div className="nothing">
			<h1 dir="auto">{name ? `You are no longer in ${name}` : "You are not in this room"}</h1>
			<p>
				{name
					? "What is said there is closed to you from now on. Somebody who is in can invite you again."
					: "It may have been closed to you, or the address is not right."}
			</p>
			<Link to="/">Go to your rooms</Link>
		</div>
	);
}

/** What a room was called while it was there; a component keeps it as long as it stands for that room. */
function useName(room: MyRoom | undefined): string {
	const [name, setName] = useState("");
	const now = room ? titleOf(room) : name;
	if (now !== name) setName(now);
	return now;
}

const wide = () => matchMedia("(min-width: 721px)").matches;

/** The last room where there is space beside the rail; the rail alone where there is not. */
export function ChatHome() {
	const { user } = useSession();
	const navigate = useNavigate();
	const last = lastRoom(user.id);
	const known = useChatState(({ rooms }) => rooms !== null);
	const roomId = useChatState(({ rooms }) => (last && rooms?.has(last) ? last : rooms?.keys().next().value));
	usePageTitle("");
	useEffect(() => {
		if (roomId && wide()) void navigate({ to: "/rooms/$roomId", params: { roomId }, replace: true });
	}, [roomId, navigate]);
	if (!known)
		return (
			<div className="page">
				<Waiting />
			</div>
		);
	if (roomId) return null; // the room comes, or the rail has the window
	return (
		<div className="nothing">
			<h1>No rooms yet</h1>
			<p>Make a room or join one from the list on the left.</p>
		</div>
	);
}
