import { act, renderHook } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { User } from "../../contract/http.gen";
import { SessionContext } from "./session";
import { useWhoIAm } from "./who-i-am";

const alice: User = { id: "1", username: "alice", name: "Alice", role: "admin" };
afterEach(() => vi.unstubAllGlobals());

/** Asks once while the server answers so; returns what the session was told. */
async function asked(answer: () => Response | Promise<Response>, signal?: AbortSignal) {
	vi.stubGlobal("fetch", vi.fn(answer));
	const onUser = vi.fn();
	const { result } = renderHook(() => useWhoIAm(), {
		wrapper: ({ children }) => (
			<SessionContext value={{ user: alice, onUser, onSignedOut: () => {} }}>{children}</SessionContext>
		),
	});
	await act(() => result.current(signal));
	return onUser;
}
const saying = (user: User) => () => new Response(JSON.stringify(user));

test("the session takes another role", async () => {
	const now: User = { ...alice, role: "member" };
	expect(await asked(saying(now))).toHaveBeenCalledExactlyOnceWith(now);
});

test("the same answer changes nothing", async () => {
	expect(await asked(saying(alice))).not.toHaveBeenCalled();
});

test("somebody else's answer is not taken", async () => {
	expect(await asked(saying({ ...alice, id: "2", role: "member" }))).not.toHaveBeenCalled();
});

test("a server that is away changes nothing", async () => {
	expect(await asked(() => Promise.reject(new TypeError("away")))).not.toHaveBeenCalled();
});

test("an answer that comes too late is not taken", async () => {
	expect(await asked(saying({ ...alice, role: "member" }), AbortSignal.abort())).not.toHaveBeenCalled();
});
