import { expect, test } from "vitest";
import type { Message, MyRoom } from "../../../contract/realtime.gen";
import type { RoomEvent } from "../../lib/chat/events";
import { isBehind, needsLatest, type Timeline, type TimelineAction, timelineReducer, unread } from "./timeline";

const author = { id: "a", username: "alice", name: "Alice" };

function message(number: number, more: Partial<Message> = {}): Message {
	return {
		id: `m${number}`,
		room_id: "r",
		number,
		author,
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

const sent = (seq: number, number = seq): TimelineAction => ({
	type: "event",
	me: "me",
	event: { type: "message.sent", room_id: "r", seq, message: message(number, { rev: seq }) },
});

const about = (event: Partial<RoomEvent> & { type: string; seq: number }): TimelineAction => ({
	type: "event",
	me: "me",
	event: { room_id: "r", message_id: "m1", number: 1, ...event } as RoomEvent,
});

const page = (numbers: number[], seq: number, has_before = false): TimelineAction => ({
	type: "latest",
	page: { messages: numbers.map((number) => message(number)), has_before, has_after: false, seq },
});

const at = (seq: number) => ({ id: "r", seq }) as MyRoom;
const after = (...actions: TimelineAction[]): Timeline => actions.reduce(timelineReducer, unread);
const texts = ({ messages }: Timeline) => messages?.map(({ text }) => text);

test("takes events in order, and each once", () => {
	const timeline = after(page([1], 1), sent(2), sent(2), sent(3), sent(1));
	expect(texts(timeline)).toEqual(["text 1", "text 2", "text 3"]);
	expect(isBehind(timeline)).toBe(false);
});

test("at a gap it waits for what is missing, and is whole after the sync", () => {
	const gap = after(page([1], 1), sent(3));
	expect(texts(gap)).toEqual(["text 1"]);
	expect(isBehind(gap)).toBe(true);
	const sync = { room: at(3), messages: [message(2), message(3)], seq: 3, more: false };
	const whole = timelineReducer(gap, { type: "synced", sync });
	expect(texts(whole)).toEqual(["text 1", "text 2", "text 3"]);
	expect(isBehind(whole)).toBe(false);
});

test("an event that comes during the sync is asked for again", () => {
	const sync = { room: at(2), messages: [message(2)], seq: 2, more: false };
	const timeline = timelineReducer(after(page([1], 1), sent(3)), { type: "synced", sync });
	expect(timeline.seq).toBe(2);
	expect(isBehind(timeline)).toBe(true);
});

test("a sync with more to come leaves it behind", () => {
	const sync = { room: at(3), messages: [message(2)], seq: 2, more: true };
	expect(isBehind(timelineReducer(after(page([1], 1)), { type: "synced", sync }))).toBe(true);
});

test("events that came before the first page are asked for where the page does not have them", () => {
	expect(isBehind(after(sent(3), page([1, 2], 2)))).toBe(true);
	expect(isBehind(after(sent(2), page([1, 2], 2)))).toBe(false);
});

test("edits, deletes, and counts reactions with one's own marked", () => {
	const edited = { type: "message.edited", seq: 2, text: "new", mentions: [], edited_at: "2026-01-01T10:01:00Z" };
	const reacted = { type: "reaction.changed", seq: 3, emoji: "👍", user_id: "me", on: true, count: 2 };
	const timeline = after(page([1], 1), about(edited as never), about(reacted as never));
	expect(timeline.messages?.[0]).toMatchObject({
		text: "new",
		rev: 3,
		reactions: [{ emoji: "👍", count: 2, mine: true }],
	});
	const deleted = { type: "message.deleted", seq: 4, deleted_at: "2026-01-01T10:02:00Z", deleted_by: "a" };
	const gone = timelineReducer(timeline, about(deleted as never));
	expect(gone.messages?.[0]).toMatchObject({ text: "", reactions: [], deleted_by: "a" });
});

test("an answer that overtakes its event is shown once, and an older version never wins", () => {
	const answered = { type: "answered", message: message(2, { text: "mine", rev: 2 }) } as const;
	expect(texts(after(page([1], 1), answered, sent(2)))).toEqual(["text 1", "text 2"]);
	const stale = { type: "answered", message: message(1, { text: "old", rev: 0 }) } as const;
	expect(texts(after(page([1], 1), stale))).toEqual(["text 1"]);
});

test("an answer that would leave a hole waits for the events between", () => {
	expect(texts(after(page([1], 1), { type: "answered", message: message(3) }))).toEqual(["text 1"]);
});

test("older pages come in at the front; a sync does not reach before what is loaded", () => {
	const older = { messages: [message(1), message(2)], has_before: false, has_after: true, seq: 4 };
	const loaded = after(page([3, 4], 4, true));
	const sync = { room: at(5), messages: [message(1, { rev: 5 })], seq: 5, more: false };
	expect(texts(timelineReducer(loaded, { type: "synced", sync }))).toEqual(["text 3", "text 4"]);
	expect(texts(timelineReducer(loaded, { type: "older", page: older }))).toHaveLength(4);
});

test("after a long absence the latest page takes the place of what is there, without a hole", () => {
	const first = { room: at(1000), messages: [message(2), message(3)], seq: 3, more: true };
	const far = timelineReducer(after(page([1], 1)), { type: "synced", sync: first });
	expect(needsLatest(far)).toBe(true);
	const latest = timelineReducer(far, page([998, 999, 1000], 1000, true));
	expect(texts(latest)).toEqual(["text 998", "text 999", "text 1000"]);
	expect([isBehind(latest), needsLatest(latest), latest.hasBefore]).toEqual([false, false, true]);
});

test("a message keeps the key that it was sent with over edits that come without it", () => {
	const mine = { type: "answered", message: message(1, { key: "k" }) } as const;
	const edited = { type: "answered", message: message(1, { rev: 2, text: "new" }) } as const;
	expect(after(page([], 0), mine, edited).messages).toMatchObject([{ text: "new", key: "k" }]);
});

test("a notice behind its event changes nothing; one alone shows that the event was missed", () => {
	const notice = (seq: number) => about({ type: "message.notice", seq, message_id: `m${seq}`, number: seq });
	const heard = after(page([1], 1), sent(2), notice(2));
	expect(texts(heard)).toEqual(["text 1", "text 2"]);
	expect(isBehind(heard)).toBe(false);
	const missed = after(page([1], 1), notice(2));
	expect(missed.seq).toBe(1);
	expect(isBehind(missed)).toBe(true);
});
