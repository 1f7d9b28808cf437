import { act, render, screen } from "@testing-library/react";
import { StrictMode } from "react";
import { describe, expect, it, vi } from "vitest";
import {
	cookie,
	describeClose,
	Refused,
	subprotocol,
	ticket,
	token,
	twoStep,
	type UseConnection,
	useChannel,
	useConnection,
} from "../index";
import { FakeServer } from "../testing";
import { Connected, onFakeTime, passes, shows } from "./harness";

onFakeTime();

let seen: UseConnection;
function Pill() {
	seen = useConnection();
	return <p role="status">{seen.state}</p>;
}

describe("a connection", () => {
	it("is on its way, then live, with a round trip and an id", async () => {
		const server = new FakeServer();
		render(<Connected server={server} children={<Pill />} />, { wrapper: StrictMode });
		expect(seen.state).toBe("connecting");
		await passes(1);
		expect(seen).toMatchObject({ state: "live", close: null, refusal: null, retryAt: null, client: "client-1" });
		expect(seen.roundTrip).toBeGreaterThanOrEqual(0);
		expect(server.connections).toBe(1);
		expect(server.dialled).toHaveLength(1);
	});

	it("recovers after a cut: says when, and can be told to do it now", async () => {
		const server = new FakeServer();
		await shows(server, <Pill />);
		await passes(6000);
		await act(async () => server.cut());
		await passes(1);
		expect(seen).toMatchObject({ state: "recovering", close: { code: 1006 } });
		expect((seen.retryAt ?? 0) - Date.now()).toBe(500);
		expect(server.connections).toBe(0);
		await act(async () => seen.retry());
		await passes(1);
		expect(seen).toMatchObject({ state: "live", retryAt: null });
		expect(describeClose(seen.close?.code ?? 0)).toMatch(/lost/);
	});

	it("waits longer after each failure, and anew after a connection that lasted", async () => {
		const server = new FakeServer();
		await shows(server, <Pill />);
		server.refuse(503);
		await passes(6000);
		await act(async () => server.cut());
		const waits: number[] = [];
		for (let i = 0; i < 4; i++) {
			await passes(2);
			waits.push((seen.retryAt ?? 0) - Date.now());
			await passes(waits[i] ?? 0);
		}
		expect(waits.map((wait) => Math.round(wait / 100) * 100)).toEqual([500, 1000, 2000, 4000]);
	});

	it("does not hammer a server that accepts and closes at once", async () => {
		const server = new FakeServer();
		await shows(server, <Pill />);
		for (let second = 0; second < 60; second++) {
			await act(async () => server.close(3004, "internal server error"));
			await passes(1000);
		}
		expect(server.dialled.length).toBeLessThan(10);
	});

	it("shares one connection among providers of the same identity, and closes with the last", async () => {
		const server = new FakeServer();
		const first = await shows(server, <Pill />);
		const second = await shows(server, <Pill />);
		expect(server.dialled).toHaveLength(1);
		first.unmount();
		await passes(1);
		expect(server.connections).toBe(1);
		second.unmount();
		await passes(1);
		expect(server.connections).toBe(0);
	});
});

describe("what the page goes through", () => {
	it("offline is said, and the network's return ends the wait", async () => {
		const server = new FakeServer();
		await shows(server, <Pill />);
		const online = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
		server.refuse(503);
		await act(async () => dispatchEvent(new Event("offline")));
		await passes(5000);
		expect(seen.state).toBe("offline");
		server.accept();
		online.mockReturnValue(true);
		await act(async () => dispatchEvent(new Event("online")));
		await passes(2);
		expect(seen.state).toBe("live");
	});

	it.each(["focus", "pageshow", "visibilitychange"])("%s ends the wait", async (type) => {
		const server = new FakeServer();
		await shows(server, <Pill />);
		server.refuse(503);
		await act(async () => server.cut());
		await passes(3100);
		server.accept();
		const attempts = server.dialled.length;
		await act(async () =>
			(type === "visibilitychange" ? document : window).dispatchEvent(new Event(type, { bubbles: true })),
		);
		await passes(2);
		expect(server.dialled).toHaveLength(attempts + 1);
		expect(seen.state).toBe("live");
	});

	it("a look at a live page takes nothing from the wait after the next cut", async () => {
		const server = new FakeServer();
		await shows(server, <Pill />);
		await passes(6000);
		await act(async () => dispatchEvent(new Event("focus")));
		await act(async () => server.cut());
		await passes(1);
		expect((seen.retryAt ?? 0) - Date.now()).toBe(500);
	});

	it("a page in the back/forward cache has no socket, and one again when it is back", async () => {
		const server = new FakeServer();
		await shows(server, <Pill />);
		const hide = Object.assign(new Event("pagehide"), { persisted: true });
		await act(async () => dispatchEvent(hide));
		await passes(0);
		expect(server.connections).toBe(0);
		await act(async () => dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true })));
		await passes(2);
		expect(seen.state).toBe("live");
	});
});

describe("refusals", () => {
	it("gives up when the login has ended, instead of looping", async () => {
		const server = new FakeServer();
		vi.stubGlobal("fetch", server.fetch);
		server.refuse(401);
		await shows(server, <Pill />, { credentials: cookie({ probe: "/api/me" }) });
		await passes(60_000);
		expect(seen).toMatchObject({ state: "refused", refusal: { reason: "signed-out", remedy: "sign-in", code: 401 } });
		expect(server.dialled).toHaveLength(1);
		server.accept();
		await act(async () => seen.retry());
		await passes(1);
		expect(seen).toMatchObject({ state: "live", refusal: null });
	});

	it("goes on while the server is away, and does not take that for a refusal", async () => {
		const server = new FakeServer();
		vi.stubGlobal("fetch", server.fetch);
		server.refuse(503);
		await shows(server, <Pill />, { credentials: cookie({ probe: "/api/me" }) });
		await passes(600_000);
		expect(seen.state).toBe("connecting");
		server.accept();
		await passes(20_002);
		expect(seen.state).toBe("live");
	});

	it("gives up when the server answers but no socket ever opens", async () => {
		const server = new FakeServer();
		vi.stubGlobal("fetch", async () => new Response("{}"));
		server.refuse(403);
		await shows(server, <Pill />, { credentials: cookie({ probe: "/api/me" }) });
		await passes(600_000);
		expect(seen).toMatchObject({ state: "refused", refusal: { reason: "blocked", remedy: "retry" } });
		expect(server.dialled).toHaveLength(10);
	});

	it.each([
		[3503, "revoked", "sign-in"],
		[3500, "signed-out", "sign-in"],
		[3507, "forbidden", "none"],
		[3504, "limit", "retry"],
		[3501, "protocol", "reload"],
		[4500, "forbidden", "none"],
	])("a close with %i is final: %s, and one can %s", async (code, reason, remedy) => {
		const server = new FakeServer();
		await shows(server, <Pill />);
		await act(async () => server.close(code, "why"));
		await passes(60_000);
		expect(seen).toMatchObject({ state: "refused", refusal: { reason, remedy, code, message: "why" } });
		expect(server.dialled).toHaveLength(1);
	});

	it("a credential that is refused ends it before any socket", async () => {
		const server = new FakeServer();
		const credentials = token(() => Promise.reject(new Refused("nobody is signed in")));
		await shows(server, <Pill />, { credentials });
		expect(seen).toMatchObject({ state: "refused", refusal: { message: "nobody is signed in" } });
		expect(server.dialled).toHaveLength(0);
	});
});

describe("credentials", () => {
	it("a ticket serves once: every attempt has a fresh one, in the address", async () => {
		const server = new FakeServer();
		vi.stubGlobal("fetch", vi.fn(server.fetch));
		await shows(server, <Pill />, {
			credentials: ticket({ url: "/api/ws/ticket", route: "/ws", headers: () => ({ "X-CSRF-Token": "c" }) }),
		});
		await act(async () => server.cut());
		await passes(1001);
		expect(server.dialled.map(({ url }) => url.search)).toEqual(["?ticket=ticket-1", "?ticket=ticket-2"]);
		const [, init] = vi.mocked(fetch).mock.calls[0] ?? [];
		expect(init).toMatchObject({ method: "POST", body: '{"route":"/ws"}', headers: { "X-CSRF-Token": "c" } });
	});

	it("two steps: the ticket in the address, the token in the first message", async () => {
		const tokens: string[] = [];
		const connect = (given: string) => {
			tokens.push(given);
			return undefined;
		};
		const server = new FakeServer({ connect });
		vi.stubGlobal("fetch", vi.fn(server.fetch));
		await shows(server, <Pill />, { credentials: twoStep({ url: "/api/ws/ticket" }, () => "secret") });
		expect(server.dialled[0]?.url.search).toBe("?ticket=ticket-1");
		expect(vi.mocked(fetch).mock.calls[0]?.[1]?.body).toBe('{"first_message":true}');
		expect(tokens).toEqual(["secret"]);
	});

	it("a token in the subprotocol stands beside one that the server can choose", async () => {
		const server = new FakeServer();
		await shows(server, <Pill />, { credentials: subprotocol(() => "tökén") });
		expect(server.dialled[0]?.protocols).toEqual(["centrifuge-json", "base64url.bearer.yodel.dMO2a8Opbg"]);
		expect(server.dialled[0]?.url.search).toBe("");
	});

	it("an expired token in the first message is replaced by a fresh one", async () => {
		let count = 0;
		const server = new FakeServer({
			connect: (given) => (given === "t1" ? { code: 109, message: "token expired" } : undefined),
		});
		await shows(server, <Pill />, { credentials: token(() => `t${++count}`) });
		await passes(502);
		expect(seen.state).toBe("live");
		expect(count).toBe(2);
	});

	it("a connection is prolonged before its end, without another one", async () => {
		const server = new FakeServer({ ttl: 60 });
		const renew = vi.fn(async () => "fresh");
		await shows(server, <Pill />, { credentials: cookie({ renew }) });
		await passes(61_000);
		expect(renew).toHaveBeenCalledTimes(1);
		expect(server.dialled).toHaveLength(1);
	});

	it("an expired one ends with 3005, and the connection comes back with a fresh credential", async () => {
		let count = 0;
		const presented: string[] = [];
		const server = new FakeServer({ connect: (given) => void presented.push(given) });
		await shows(server, <Pill />, { credentials: token(() => `t${++count}`) });
		await passes(6000);
		await act(async () => server.expire());
		expect(seen).toMatchObject({
			state: "recovering",
			refusal: null,
			close: { code: 3005, reason: "connection expired" },
		});
		await passes(502);
		expect(seen).toMatchObject({ state: "live", refusal: null });
		expect(presented).toEqual(["t1", "t2"]);
	});

	it("who is refused a renewal stays until the server ends the connection, and asks no second time", async () => {
		const server = new FakeServer({ ttl: 60 });
		let signedIn = true;
		const verdict = () => (signedIn ? Promise.resolve("fresh") : Promise.reject(new Refused("signed out")));
		const renew = vi.fn(verdict);
		await shows(server, <Pill />, { credentials: token(verdict, { renew }) });
		signedIn = false;
		await passes(90_000);
		expect(renew).toHaveBeenCalledTimes(1);
		expect(seen.state).toBe("live");
		await act(async () => server.expire());
		await passes(1000);
		expect(seen).toMatchObject({ state: "refused", close: { code: 3005 }, refusal: { remedy: "sign-in" } });
		expect(server.dialled).toHaveLength(1);
	});

	it("a credential that never comes is asked for again", async () => {
		const server = new FakeServer();
		const present = vi.fn(({ failures, signal }) =>
			failures > 0
				? Promise.resolve({})
				: new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
		);
		await shows(server, <Pill />, { credentials: { present } });
		await passes(10_600);
		expect(present).toHaveBeenCalledTimes(2);
		expect(seen.state).toBe("live");
	});
});

describe("identity", () => {
	it("new callbacks and tokens at every render make no other connection", async () => {
		const server = new FakeServer();
		const page = await shows(server, <Pill />, { credentials: token(() => "a") });
		for (let i = 0; i < 5; i++)
			page.rerender(<Connected server={server} credentials={token(() => `b${i}`)} children={<Pill />} />);
		await passes(1);
		expect(server.dialled).toHaveLength(1);
		await act(async () => server.cut());
		await passes(1001);
		expect(server.dialled).toHaveLength(2);
	});

	it("another user gets another connection, and nothing of the first stays", async () => {
		const server = new FakeServer();
		function Room() {
			const { value } = useChannel("room:1", { initial: [] as unknown[], reduce: (all, { data }) => [...all, data] });
			return <p>{JSON.stringify(value)}</p>;
		}
		const page = await shows(server, <Room />, { identity: "alice" });
		await act(async () => server.publish("room:1", "for alice"));
		page.rerender(
			<StrictMode>
				<Connected server={server} identity="bob" children={<Room />} />
			</StrictMode>,
		);
		await passes(1);
		expect(server.connections).toBe(1);
		expect(server.subscribers("room:1")).toBe(1);
		expect(screen.getByText("[]")).toBeDefined();
		await act(async () => server.publish("room:1", "for bob"));
		expect(screen.getByText('["for bob"]')).toBeDefined();
	});

	it("a missing provider is told in a sentence", () => {
		vi.spyOn(console, "error").mockImplementation(() => {});
		expect(() => render(<Pill />)).toThrow("Yodel's hooks need a <YodelProvider> around them.");
	});
});
