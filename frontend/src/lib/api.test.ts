import { afterEach, beforeEach, expect, test, vi } from "vitest";

const alice = { id: "1", username: "alice", name: "Alice", role: "member" };

beforeEach(() => vi.resetModules());
afterEach(() => vi.unstubAllGlobals());

/** A server whose access cookie has ended until a refresh. */
function server(refreshStatus = 200) {
	const asked: string[] = [];
	let fresh = false;
	vi.stubGlobal("fetch", async (path: string) => {
		asked.push(path);
		if (path === "/api/refresh") {
			await Promise.resolve();
			fresh = refreshStatus === 200;
			const body = fresh
				? { user: alice, expires_at: "2030-01-01T00:00:00Z" }
				: { error: { code: "unauthorized", message: "Sign in first." } };
			return new Response(JSON.stringify(body), { status: refreshStatus });
		}
		return fresh ? new Response(JSON.stringify(alice)) : new Response("{}", { status: 401 });
	});
	return asked;
}

test("an ended access cookie is refreshed once, for all who ask at the same time", async () => {
	const asked = server();
	const { api } = await import("./api");
	expect(await Promise.all([api.me(), api.me(), api.me()])).toEqual([alice, alice, alice]);
	expect(asked.filter((path) => path === "/api/refresh")).toHaveLength(1);
});

test("signed out stays signed out: one refresh, then the refusal", async () => {
	const asked = server(401);
	const { api } = await import("./api");
	await expect(api.me()).rejects.toMatchObject({ status: 401 });
	expect(asked).toEqual(["/api/me", "/api/refresh"]);
});

test("a cookie that is good for a while is left alone", async () => {
	const asked = server();
	const { api } = await import("./api");
	const until = await api.fresh();
	expect(until).toBe(Date.parse("2030-01-01T00:00:00Z"));
	await api.fresh();
	expect(asked).toEqual(["/api/refresh"]);
});
