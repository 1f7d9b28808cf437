import { expect, test } from "vitest";
import type { Waiting } from "../../lib/chat/outbox";
import { alice, messageOf } from "../../test/in-chat";
import { rowsOf } from "./rows";

const at = (time: string) => ({ sent_at: `2026-01-01T${time}:00` });
const waits = (more: Partial<Waiting> = {}): Waiting => ({
	key: "k",
	roomId: "r",
	text: "later",
	at: 1,
	problem: "",
	stored: null,
	...more,
});
const kinds = (rows: ReturnType<typeof rowsOf>) => rows.map(({ kind }) => kind);

test("a line stands before each day", () => {
	const messages = [messageOf(1, at("10:00")), messageOf(2, { sent_at: "2026-01-02T10:00:00" })];
	expect(kinds(rowsOf(messages, []))).toEqual(["day", "message", "day", "message"]);
});

test("what one person says within five minutes stands together", () => {
	const messages = [
		messageOf(1, at("10:00")),
		messageOf(2, at("10:04")),
		messageOf(3, at("10:09")),
		messageOf(4, { ...at("10:09"), author: alice }),
	];
	const grouped = rowsOf(messages, []).flatMap((row) => (row.kind === "message" ? [row.grouped] : []));
	expect(grouped).toEqual([false, true, false, false]);
});

test("what waits stands at the end, and nowhere once the timeline has it", () => {
	expect(kinds(rowsOf([messageOf(1)], [waits()]))).toEqual(["day", "message", "waiting"]);
	expect(kinds(rowsOf([messageOf(1, { key: "k" })], [waits()]))).toEqual(["day", "message"]);
	const stored = waits({ stored: messageOf(1) });
	expect(kinds(rowsOf([messageOf(1)], [stored]))).toEqual(["day", "message"]);
	expect(kinds(rowsOf([], [stored]))).toEqual(["waiting"]);
});
