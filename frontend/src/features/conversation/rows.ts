import type { Message } from "../../../contract/realtime.gen";
import type { Waiting } from "../../lib/chat/outbox";

/** One row of the list. */
export type Row =
	| { kind: "day"; id: string; at: string }
	| { kind: "message"; id: string; message: Message; grouped: boolean }
	| { kind: "waiting"; id: string; waiting: Waiting };

/** Messages of one author within this time stand together. */
const together = 5 * 60_000;

const dayOf = (at: string) => new Date(at).toDateString();

function follows(message: Message, before: Message | undefined): boolean {
	if (!before || before.author.id !== message.author.id) return false;
	return Date.parse(message.sent_at) - Date.parse(before.sent_at) < together;
}

/**
 * Makes the rows of one list: messages with a line between days, and what waits to be sent at the end. What stood
 * there before is kept up to the first message that is another one, so that one more costs the same in a long list.
 */
export function rowMaker(): (messages: readonly Message[], waiting: readonly Waiting[]) => Row[] {
	let known: readonly Message[] = [];
	let said: Row[] = [];
	const ends: number[] = []; // how many rows there are up to each message
	return (messages, waiting) => {
		let same = 0;
		while (same < known.length && known[same] === messages[same]) same++;
		known = messages;
		ends.length = same;
		said = said.slice(0, ends.at(-1) ?? 0);
		for (const [i, message] of messages.slice(same).entries()) {
			said.push(...rowsFor(message, messages[same + i - 1]));
			ends.push(said.length);
		}
		return waiting.length === 0 ? said : [...said, ...unsaid(messages, waiting)];
	};
}

function rowsFor(message: Message, before: Message | undefined): Row[] {
	const newDay = !before || dayOf(before.sent_at) !== dayOf(message.sent_at);
	const row: Row = { kind: "message", id: message.id, message, grouped: !newDay && follows(message, before) };
	return newDay ? [{ kind: "day", id: `day ${dayOf(message.sent_at)}`, at: message.sent_at }, row] : [row];
}

/** What waits, and is not among the messages yet. */
function unsaid(messages: readonly Message[], waiting: readonly Waiting[]): Row[] {
	const keys = new Set(messages.map(({ key }) => key));
	const ids = new Set(messages.map(({ id }) => id));
	return waiting
		.filter(({ key, stored }) => !keys.has(key) && !(stored && ids.has(stored.id)))
		.map((item) => ({ kind: "waiting", id: item.key, waiting: item }));
}
