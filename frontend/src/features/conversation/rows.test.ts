import { expect, test, vi } from "vitest";
import type { Waiting } from "../../lib/chat/outbox";
import { alice, bob, messageOf } from "../../test/in-chat";
import { type Row, rowMaker } from "./rows";

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
const rowsOf = (...of: Parameters<ReturnType<typeof rowMaker>>) => rowMaker()(...of);
const kinds = (rows: Row[]) => rows.map(({ kind }) => kind);

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

test("one more message makes one more row, however many there are", () => {
	const messages = Array.from({ length: 10_000 }, (_, i) => messageOf(i + 1, at("10:00")));
	const make = rowMaker();
	const before = make(messages, []);
	const read = vi.spyOn(Date, "parse");
	const after = make([...messages, messageOf(10_001, at("10:01"))], []);
	expect(read.mock.calls.length).toBeLessThan(10);
	read.mockRestore();
	expect(after.length).toBe(before.length + 1);
	expect(before.every((row, i) => after[i] === row)).toBe(true);
});

test("whatever changes, the rows are those that a new list would have", () => {
	const make = rowMaker();
	const all = Array.from({ length: 40 }, (_, i) =>
		messageOf(i + 1, { sent_at: `2026-01-0${1 + Math.floor(i / 8)}T10:0${i % 8}:00`, author: i % 3 ? alice : bob }),
	);
	const edited = all.map((message, i) => (i === 20 ? { ...message, text: "another" } : message));
	const steps = [all.slice(20), all.slice(10), all, edited, edited.slice(0, 30), [], edited];
	for (const [step, messages] of steps.entries())
		expect(make(messages, [waits()]), `step ${step}`).toEqual(rowsOf(messages, [waits()]));
});
