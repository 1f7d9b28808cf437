import { expect, test } from "vitest";
import type { Message, MyRoom } from "../../../contract/realtime.gen";
import type { RoomEvent } from "./events";
import { roomsReducer } from "./rooms";

const room = {
	id: "r",
	kind: "public",
	name: "Room",
	seq: 1,
	messages: 1,
	unread: 0,
	mentions: 0,
	members: 2,
} as MyRoom;
const known = roomsReducer(null, { type: "listed", rooms: [room] });

function sent(seq: number, author: string, mentions: string[] = []) {
	const message = {
		number: seq,
		author: { id: author },
		mentions: mentions.map((user_id) => ({ user_id, username: user_id })),
		sent_at: "2026-01-01T10:00:00Z",
	} as Message;
	const event: RoomEvent = { type: "message.sent", room_id: "r", seq, message };
	return { type: "room", event, me: "me" } as const;
}

test("counts what others say, once for each event, and where they mention me", () => {
	let rooms = roomsReducer(known, sent(2, "bob"));
	rooms = roomsReducer(rooms, sent(2, "bob"));
	rooms = roomsReducer(rooms, sent(3, "bob", ["me"]));
	expect(rooms?.get("r")).toMatchObject({ unread: 2, mentions: 1, messages: 3 });
});

test("what I say reads the room", () => {
	const rooms = roomsReducer(roomsReducer(known, sent(2, "bob")), sent(3, "me"));
	expect(rooms?.get("r")).toMatchObject({ unread: 0, read_number: 3 });
});

test("a marker that moved on another device replaces the counts", () => {
	const event = { type: "unread.changed", room_id: "r", read_number: 2, unread: 0, mentions: 0 } as const;
	const rooms = roomsReducer(roomsReducer(known, sent(2, "bob")), { type: "user", event });
	expect(rooms?.get("r")).toMatchObject({ unread: 0, read_number: 2 });
});

test("a list that was read before an event does not take it back", () => {
	const rooms = roomsReducer(roomsReducer(known, sent(2, "bob")), { type: "listed", rooms: [room] });
	expect(rooms?.get("r")?.unread).toBe(1);
});

test("a list that was read before the marker moved does not move it back", () => {
	const event = { type: "unread.changed", room_id: "r", read_number: 2, unread: 0, mentions: 0 } as const;
	const read = roomsReducer(roomsReducer(known, sent(2, "bob")), { type: "user", event });
	const late = { ...room, seq: 2, messages: 2, unread: 1 };
	expect(roomsReducer(read, { type: "listed", rooms: [late] })?.get("r")?.unread).toBe(0);
});

test("a sync brings the counts of its room, and no room that was left meanwhile", () => {
	const synced = { ...room, seq: 9, messages: 9, unread: 4 };
	expect(roomsReducer(known, { type: "synced", room: synced })?.get("r")?.unread).toBe(4);
	const gone = roomsReducer(known, { type: "forgotten", roomId: "r" });
	expect(roomsReducer(gone, { type: "synced", room: synced })?.size).toBe(0);
});

test("rooms come and go", () => {
	const added = { type: "room.added", room: { ...room, id: "s" } } as const;
	let rooms = roomsReducer(known, { type: "user", event: added });
	expect([...(rooms?.keys() ?? [])]).toEqual(["r", "s"]);
	rooms = roomsReducer(rooms, { type: "user", event: { type: "room.removed", room_id: "r" } });
	expect([...(rooms?.keys() ?? [])]).toEqual(["s"]);
});
