import { beforeEach, expect, test, vi } from "vitest";
import { RpcError } from "yodel-react";
import type { Message } from "../../../contract/realtime.gen";
import { kept, keptIn } from "../kept";
import { Outbox } from "./outbox";
import { forgetUnsent, keepDraft, readDraft, type Unsent } from "./unsent";

const item = (key: string, at = 1): Unsent => ({ key, roomId: "r", text: `text of ${key}`, at });
const stored = ({ key }: Unsent) => ({ id: key, key }) as Message;
const fresh = () => new Outbox("alice", kept);
const keysIn = (outbox: Outbox) => outbox.snapshot().map(({ key }) => key);

beforeEach(() => localStorage.clear());

test("delivers in the order of writing, and keeps nothing that the server has", async () => {
	const outbox = fresh();
	outbox.add(item("one", 1));
	outbox.add(item("two", 2));
	const deliver = vi.fn(async (one: Unsent) => stored(one));
	expect(await outbox.flush(deliver)).toBe("done");
	expect(deliver.mock.calls.map(([{ key }]) => key)).toEqual(["one", "two"]);
	expect(outbox.snapshot().every((one) => one.stored !== null)).toBe(true);
	expect(keysIn(fresh())).toEqual([]);
});

test("what is not acknowledged survives a reload with its key, and is tried again", async () => {
	const outbox = fresh();
	outbox.add(item("two", 2));
	outbox.add(item("one", 1));
	const lost = Object.assign(new Error("connection closed"), { code: 3 });
	expect(await outbox.flush(() => Promise.reject(lost))).toBe("later");
	expect(keysIn(fresh())).toEqual(["one", "two"]);
});

test("what the server will not take is kept with its reason, and does not hold up the next", async () => {
	const outbox = fresh();
	outbox.add(item("bad", 1));
	outbox.add(item("good", 2));
	const refused = new RpcError(400, "That is too long.");
	await outbox.flush((one) => (one.key === "bad" ? Promise.reject(refused) : Promise.resolve(stored(one))));
	expect(outbox.snapshot()).toMatchObject([{ problem: "That is too long." }, { problem: "", stored: { id: "good" } }]);
	outbox.revive("bad");
	const deliver = vi.fn(async (one: Unsent) => stored(one));
	await outbox.flush(deliver);
	expect(deliver).toHaveBeenCalledOnce();
});

test("one run at a time: nothing is sent twice by two flushes", async () => {
	const outbox = fresh();
	outbox.add(item("one"));
	const deliver = vi.fn(async (one: Unsent) => stored(one));
	await Promise.all([outbox.flush(deliver), outbox.flush(deliver)]);
	expect(deliver).toHaveBeenCalledOnce();
});

test("signing out forgets drafts and messages of that person alone", () => {
	fresh().add(item("one"));
	keepDraft(kept, "alice", "r", "hers");
	keepDraft(kept, "bob", "r", "his");
	forgetUnsent(kept, "alice");
	expect(keysIn(fresh())).toEqual([]);
	expect(readDraft(kept, "alice", "r")).toBe("");
	expect(readDraft(kept, "bob", "r")).toBe("his");
});

test("a full storage does not lose the message in hand", () => {
	const full = {
		...localStorage,
		length: 0,
		setItem: () => {
			throw new DOMException("full", "QuotaExceededError");
		},
	};
	const outbox = new Outbox(
		"alice",
		keptIn(() => full as unknown as Storage),
	);
	outbox.add(item("one"));
	expect(keysIn(outbox)).toEqual(["one"]);
});
