import type { MyRoom } from "../../../contract/realtime.gen";
import type { RoomEvent, UserEvent } from "./events";

/** The rooms that somebody is in, by id; null until they are known. */
export type Rooms = ReadonlyMap<string, MyRoom> | null;

export type RoomsAction =
	| { type: "listed"; rooms: readonly MyRoom[] }
	| { type: "known"; room: MyRoom }
	/** What a sync of one room said of it. */
	| { type: "synced"; room: MyRoom }
	| { type: "forgotten"; roomId: string }
	| { type: "user"; event: UserEvent }
	| { type: "room"; event: RoomEvent; me: string };

/** What is known of the rooms after one more thing happened. */
export function roomsReducer(rooms: Rooms, action: RoomsAction): Rooms {
	switch (action.type) {
		case "listed":
			return new Map(action.rooms.map((room) => [room.id, newer(rooms?.get(room.id), room)]));
		case "known":
			return new Map(rooms).set(action.room.id, action.room);
		case "synced":
			return changed(rooms, action.room.id, (known) => newer(known, action.room));
		case "forgotten":
			return without(rooms, action.roomId);
		case "user":
			return afterUserEvent(rooms, action.event);
		case "room":
			return afterRoomEvent(rooms, action.event, action.me);
	}
}

/** An answer may have been read before an event that is already known. */
function newer(known: MyRoom | undefined, answered: MyRoom): MyRoom {
	if (!known || answered.seq > known.seq) return answered;
	return answered.seq === known.seq && answered.read_number >= known.read_number ? answered : known;
}

function without(rooms: Rooms, id: string): Rooms {
	const rest = new Map(rooms);
	rest.delete(id);
	return rest;
}

function changed(rooms: Rooms, id: string, change: (room: MyRoom) => MyRoom): Rooms {
	const room = rooms?.get(id);
	return room ? new Map(rooms).set(id, change(room)) : rooms;
}

function afterUserEvent(rooms: Rooms, event: UserEvent): Rooms {
	switch (event.type) {
		case "room.added":
			return new Map(rooms).set(event.room.id, event.room);
		case "room.removed":
			return without(rooms, event.room_id);
		case "unread.changed": {
			const { read_number, unread, mentions } = event;
			return changed(rooms, event.room_id, (room) => ({ ...room, read_number, unread, mentions }));
		}
		default:
			return rooms;
	}
}

/** Counts what came in, once for each seq. */
function afterRoomEvent(rooms: Rooms, event: RoomEvent, me: string): Rooms {
	return changed(rooms, event.room_id, (room) => {
		if (event.seq <= room.seq) return room;
		const next = { ...room, seq: event.seq };
		switch (event.type) {
			case "message.sent":
				return heard(next, event.message, me);
			case "room.updated":
				return { ...next, ...event.room };
			case "member.joined":
				return { ...next, members: next.members + 1 };
			case "member.left":
				return { ...next, members: next.members - 1 };
			case "member.changed":
				return event.user_id === me ? { ...next, role: event.role } : next;
			default:
				return next;
		}
	});
}

type Sent = Extract<RoomEvent, { type: "message.sent" }>["message"];

function heard(room: MyRoom, message: Sent, me: string): MyRoom {
	const next = { ...room, messages: message.number, active_at: message.sent_at };
	if (message.author.id === me) return { ...next, read_number: message.number, unread: 0, mentions: 0 };
	const mentioned = message.mentions?.some(({ user_id }) => user_id === me) ?? false;
	return { ...next, unread: next.unread + 1, mentions: next.mentions + (mentioned ? 1 : 0) };
}

/** What a room is called: its name, or the other person of a direct one. */
export function titleOf(room: MyRoom): string {
	return room.kind === "direct" ? room.with?.name || room.with?.username || "Somebody" : room.name;
}
