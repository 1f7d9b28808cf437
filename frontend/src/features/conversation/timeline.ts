import type { History, Message, Sync } from "../../../contract/realtime.gen";
import { isMissing, type RoomEvent } from "../../lib/chat/events";

/** The messages of one room that are loaded: a run of numbers without gaps, up to the latest. */
export interface Timeline {
	/** By number, ascending. Null until the first page is there. */
	messages: readonly Message[] | null;
	/** Whether there are older ones on the server. */
	hasBefore: boolean;
	/** The seq up to which every event is in. */
	seq: number;
	/** The highest seq heard of. Above `seq`, something is missing and must be asked for. */
	heard: number;
}

export type TimelineAction =
	| { type: "latest"; page: History }
	| { type: "older"; page: History }
	| { type: "synced"; sync: Sync }
	| { type: "event"; event: RoomEvent; me: string }
	/** The answer to one's own call: the message as it is now. */
	| { type: "answered"; message: Message };

export const unread: Timeline = { messages: null, hasBefore: false, seq: 0, heard: 0 };

/** Whether events are missing. */
export function isBehind({ messages, seq, heard }: Timeline): boolean {
	return messages !== null && heard > seq;
}

/** Events that are filled in one by one; after a longer absence the latest page is read instead. */
const absence = 300;

/** Whether to read the latest page rather than what has changed since. */
export function needsLatest({ messages, seq, heard }: Timeline): boolean {
	return messages === null || heard - seq > absence;
}

/** The timeline after one more thing was learnt. Never has a message twice, nor an older version of one. */
export function timelineReducer(timeline: Timeline, action: TimelineAction): Timeline {
	switch (action.type) {
		case "latest": {
			const { page } = action;
			const heard = Math.max(timeline.heard, page.seq);
			return { messages: page.messages, hasBefore: page.has_before, seq: page.seq, heard };
		}
		case "older":
			return {
				...timeline,
				messages: merged(timeline.messages ?? [], action.page.messages),
				hasBefore: action.page.has_before,
			};
		case "synced":
			return afterSync(timeline, action.sync);
		case "event":
			return afterEvent(timeline, action.event, action.me);
		case "answered":
			return answered(timeline, action.message);
	}
}

/** Of two versions the one with the higher rev counts. */
function merged(known: readonly Message[], more: readonly Message[]): Message[] {
	const [one] = more;
	if (one && more.length === 1 && one.number > (known.at(-1)?.number ?? 0)) return [...known, one];
	const byNumber = new Map(known.map((message) => [message.number, message]));
	for (const message of more) {
		const old = byNumber.get(message.number);
		if (!old || message.rev >= old.rev) byNumber.set(message.number, withKey(message, old?.key));
	}
	return [...byNumber.values()].sort((a, b) => a.number - b.number);
}

/** A message keeps the key that it was sent with, also where a later version came without it. */
function withKey(message: Message, key: string | undefined): Message {
	return message.key || !key ? message : { ...message, key };
}

/** What lies before the loaded run stays on the server until it is scrolled to. */
function withinRun({ messages, hasBefore }: Timeline, message: Message): boolean {
	const first = messages?.[0];
	return !hasBefore || first === undefined || message.number >= first.number;
}

function afterSync(timeline: Timeline, sync: Sync): Timeline {
	if (!timeline.messages) return timeline;
	const changed = sync.messages.filter((message) => withinRun(timeline, message));
	const heard = Math.max(timeline.heard, sync.room.seq);
	return {
		...timeline,
		messages: merged(timeline.messages, changed),
		seq: Math.max(timeline.seq, sync.seq),
		heard,
	};
}

/** An answer may come before the events that lie between; it changes what is loaded, or is the very next message. */
function answered(timeline: Timeline, message: Message): Timeline {
	const { messages } = timeline;
	if (!messages) return timeline;
	const last = messages.at(-1)?.number ?? 0;
	if (message.number > last + 1 || !withinRun(timeline, message)) return timeline;
	return { ...timeline, messages: merged(messages, [message]) };
}

function afterEvent(timeline: Timeline, event: RoomEvent, me: string): Timeline {
	const heard = Math.max(timeline.heard, event.seq);
	if (!timeline.messages || event.seq <= timeline.seq || isMissing(event, timeline.seq)) return { ...timeline, heard };
	return { ...timeline, messages: applied(timeline.messages, event, me), seq: event.seq, heard };
}

function applied(messages: readonly Message[], event: RoomEvent, me: string): readonly Message[] {
	if (event.type === "message.sent") return merged(messages, [event.message]);
	if (!("message_id" in event)) return messages;
	return messages.map((message) => {
		if (message.id !== event.message_id || message.rev >= event.seq) return message;
		return { ...change(message, event, me), rev: event.seq };
	});
}

function change(message: Message, event: RoomEvent, me: string): Message {
	switch (event.type) {
		case "message.edited":
			return { ...message, text: event.text, mentions: event.mentions, edited_at: event.edited_at };
		case "message.deleted":
			return { ...message, text: "", reactions: [], deleted_at: event.deleted_at, deleted_by: event.deleted_by };
		case "reaction.changed": {
			const known = message.reactions;
			const before = known.find(({ emoji }) => emoji === event.emoji);
			const mine = event.user_id === me ? event.on : (before?.mine ?? false);
			const after = { emoji: event.emoji, count: event.count, mine };
			const all = before ? known.map((one) => (one === before ? after : one)) : [...known, after];
			return { ...message, reactions: all.filter(({ count }) => count > 0) };
		}
		default:
			return message;
	}
}
