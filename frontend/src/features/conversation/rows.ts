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

/** Messages with a line between days, and what waits to be sent at the end. */
export function rowsOf(messages: readonly Message[], waiting: readonly Waiting[]): Row[] {
	const rows: Row[] = [];
	const keys = new Set(messages.map(({ key }) => key));
	const ids = new Set(messages.map(({ id }) => id));
	let before: Message | undefined;
	for (const message of messages) {
		const newDay = !before || dayOf(before.sent_at) !== dayOf(message.sent_at);
		if (newDay) rows.push({ kind: "day", id: `day ${dayOf(message.sent_at)}`, at: message.sent_at });
		rows.push({ kind: "message", id: message.id, message, grouped: !newDay && follows(message, before) });
		before = message;
	}
	for (const item of waiting) {
		if (keys.has(item.key) || (item.stored && ids.has(item.stored.id))) continue;
		rows.push({ kind: "waiting", id: item.key, waiting: item });
	}
	return rows;
}
