import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, memo, type ReactNode, useMemo, useState } from "react";
import { useChat, useChatState, useRoom } from "../../lib/chat/chat";
import type { ChatState } from "../../lib/chat/chat-store";
import { titleOf } from "../../lib/chat/rooms";
import { useOnline } from "../../lib/chat/use-online";
import { moveFocus } from "../../ui/move-focus";
import { Waiting } from "../../ui/trouble";
import { BrowseRooms } from "./browse-rooms";
import { Invitations } from "./invitations";
import { NewRoom } from "./new-room";

/** The rooms and people that one talks with, and what is unread there. */
export function RoomRail({ children }: { children?: ReactNode }) {
	const { reload } = useChat();
	const problem = useChatState((state) => state.problem);
	const known = useChatState(({ rooms }) => rooms !== null);
	const shared = useChatState(idsOf("shared"));
	const direct = useChatState(idsOf("direct"));
	const [open, setOpen] = useState<"new" | "browse" | null>(null);
	const others = useChatState(partners);
	const online = useOnline(useMemo(() => listed(others).map((id) => ({ id })), [others]));
	const close = () => setOpen(null);
	return (
		<nav aria-label="Rooms" className="rail" onKeyDown={(event: KeyboardEvent) => moveFocus(event, "a.room")}>
			<Invitations />
			<div className="rail-head">
				<h2>Rooms</h2>
				<button type="button" className="plain" aria-expanded={open === "browse"} onClick={() => setOpen("browse")}>
					Browse
				</button>
				<button type="button" className="plain" aria-expanded={open === "new"} onClick={() => setOpen("new")}>
					New room
				</button>
			</div>
			{open === "new" && <NewRoom onClose={close} />}
			{open === "browse" && <BrowseRooms onClose={close} />}
			{problem && (
				<p className="problem" role="alert">
					{problem}{" "}
					<button type="button" className="plain" onClick={reload}>
						Try again
					</button>
				</p>
			)}
			{!known && !problem && <Waiting lines={4} />}
			<RoomList ids={shared} online={online} />
			<div className="rail-head">
				<h2>Direct messages</h2>
				<Link to="/people" className="plain">
					Find<span className="hidden"> somebody</span>
				</Link>
			</div>
			<RoomList ids={direct} online={online} />
			{children}
		</nav>
	);
}

// Lists of ids travel as one text, which is the same as long as they are.
const listed = (ids: string) => (ids === "" ? [] : ids.split(" "));

const names = new Intl.Collator();

/** The rooms of one half of the rail, by name. */
const idsOf =
	(half: "shared" | "direct") =>
	({ rooms }: ChatState): string =>
		[...(rooms?.values() ?? [])]
			.filter(({ kind }) => (kind === "direct") === (half === "direct"))
			.sort((a, b) => names.compare(titleOf(a), titleOf(b)))
			.map(({ id }) => id)
			.join(" ");

const partners = ({ rooms }: ChatState): string =>
	[...(rooms?.values() ?? [])].flatMap((room) => room.with?.id ?? []).join(" ");

function RoomList({ ids, online }: { ids: string; online: ReadonlySet<string> }) {
	return (
		<ul>
			{listed(ids).map((id) => (
				<li key={id}>
					<RoomLink id={id} online={online} />
				</li>
			))}
		</ul>
	);
}

/** One room. What comes in elsewhere does not draw it again. */
const RoomLink = memo(function RoomLink({ id, online: all }: { id: string; online: ReadonlySet<string> }) {
	const room = useRoom(id);
	// What comes in before somebody's eyes is read; the server hears so a moment later.
	const reading = useChatState((state) => state.reading === id);
	if (!room) return null;
	const { mentions, kind } = room;
	const unread = reading ? 0 : room.unread;
	const online = room.with ? all.has(room.with.id) : false;
	return (
		<Link
			to="/rooms/$roomId"
			params={{ roomId: room.id }}
			className="room"
			data-unread={unread > 0}
			title={room.with ? `@${room.with.username}` : undefined}
		>
			{kind === "direct" ? (
				<span className="presence" data-online={online} role="img" aria-label={online ? "online" : "away"} />
			) : (
				<span className="sign" aria-hidden="true">
					{kind === "private" ? "◆" : "#"}
				</span>
			)}
			<span className="room-name" dir="auto">
				{titleOf(room)}
			</span>
			{unread > 0 && (
				<span className="badge" data-mention={mentions > 0} role="img" aria-label={`${unread} unread`}>
					{mentions > 0 ? "@" : ""}
					{unread > 99 ? "99+" : unread}
				</span>
			)}
		</Link>
	);
});
