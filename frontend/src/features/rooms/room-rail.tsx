import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, type ReactNode, useMemo, useState } from "react";
import type { MyRoom, Person } from "../../../contract/realtime.gen";
import { useChat } from "../../lib/chat/chat";
import { titleOf } from "../../lib/chat/rooms";
import { useOnline } from "../../lib/chat/use-online";
import { moveFocus } from "../../ui/move-focus";
import { Waiting } from "../../ui/trouble";
import { BrowseRooms } from "./browse-rooms";
import { Invitations } from "./invitations";
import { NewRoom } from "./new-room";

/** The rooms and people that one talks with, and what is unread there. */
export function RoomRail({ children }: { children?: ReactNode }) {
	const { rooms, problem, reload } = useChat();
	const [open, setOpen] = useState<"new" | "browse" | null>(null);
	const [shared, direct] = useMemo(() => sorted(rooms?.values() ?? []), [rooms]);
	const online = useOnline(useMemo(() => partners(direct), [direct]));
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
			{!rooms && !problem && <Waiting lines={4} />}
			<RoomList rooms={shared} online={online} />
			<div className="rail-head">
				<h2>Direct messages</h2>
				<Link to="/people" className="plain">
					Find<span className="hidden"> somebody</span>
				</Link>
			</div>
			<RoomList rooms={direct} online={online} />
			{children}
		</nav>
	);
}

const partners = (direct: readonly MyRoom[]): Person[] => direct.flatMap((room) => room.with ?? []);

function sorted(rooms: Iterable<MyRoom>): [MyRoom[], MyRoom[]] {
	const all = [...rooms].sort((a, b) => titleOf(a).localeCompare(titleOf(b)));
	return [all.filter(({ kind }) => kind !== "direct"), all.filter(({ kind }) => kind === "direct")];
}

function RoomList({ rooms, online }: { rooms: readonly MyRoom[]; online: ReadonlySet<string> }) {
	return (
		<ul>
			{rooms.map((room) => (
				<li key={room.id}>
					<RoomLink room={room} online={room.with ? online.has(room.with.id) : false} />
				</li>
			))}
		</ul>
	);
}

function RoomLink({ room, online }: { room: MyRoom; online: boolean }) {
	const { mentions, kind } = room;
	// What comes in before somebody's eyes is read; the server hears so a moment later.
	const unread = useChat().reading === room.id ? 0 : room.unread;
	return (
		<Link to="/rooms/$roomId" params={{ roomId: room.id }} className="room" data-unread={unread > 0}>
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
}
