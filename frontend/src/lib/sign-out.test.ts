import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { User } from "./api";
import { keepDraft, readDraft } from "./chat/unsent";
import { kept } from "./kept";
import { signOut } from "./sign-out";
import { wasSignedOutHere } from "./signed-out-here";

const alice: User = { id: "1", username: "alice", name: "Alice", role: "member" };

beforeEach(() => {
	localStorage.clear();
	keepDraft(kept, alice.id, "r", "half a thou");
});
afterEach(() => vi.unstubAllGlobals());

/** Signs Alice out while the server answers so, and tells whether the page followed. */
async function signsOut(answer: () => Promise<Response>): Promise<{ out: boolean; failed: unknown }> {
	vi.stubGlobal("fetch", vi.fn(answer));
	const onSignedOut = vi.fn();
	const failed = await signOut({ user: alice, onUser: () => {}, onSignedOut }).catch((error: unknown) => error);
	return { out: onSignedOut.mock.calls.length === 1, failed };
}
const answers = (status: number) => async () => new Response(status === 204 ? null : "{}", { status });

test.each([204, 401])("answered by %i the session has ended, and what was not sent is forgotten", async (status) => {
	expect(await signsOut(answers(status))).toEqual({ out: true, failed: undefined });
	expect(readDraft(kept, alice.id, "r")).toBe("");
	expect(wasSignedOutHere()).toBe(true);
});

test.each([
	["is away", () => Promise.reject(new TypeError("away"))],
	["can't end it now", answers(503)],
])("while the server %s, the session goes on, and nothing is forgotten", async (_, answer) => {
	const { out, failed } = await signsOut(answer);
	expect(out).toBe(false);
	expect(failed).toBeInstanceOf(Error);
	expect(readDraft(kept, alice.id, "r")).toBe("half a thou");
	expect(wasSignedOutHere()).toBe(false);
});
