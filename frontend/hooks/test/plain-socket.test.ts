import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { delayBefore } from "../backoff";
import { PlainSocket } from "../plain-socket";
import { Refused } from "../refusal";
import { FakeSocket } from "./fake-socket";

let socket: PlainSocket;

beforeEach(() => {
	FakeSocket.all = [];
	vi.useFakeTimers();
	vi.stubGlobal("WebSocket", FakeSocket);
	socket = new PlainSocket({ url: "/ws/demo", protocols: ["yodel"] });
});
afterEach(() => {
	socket.close();
	expect(vi.getTimerCount()).toBe(0);
	expect(FakeSocket.living).toBe(0);
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

const settle = () => vi.advanceTimersByTimeAsync(0);
const state = () => socket.snapshot().state;

async function opened(): Promise<void> {
	socket.open();
	await settle();
	FakeSocket.last.open();
}

describe("PlainSocket", () => {
	it("connects to the page's own host and speaks ws", async () => {
		await opened();
		expect(FakeSocket.last.url.href).toBe("ws://localhost:3000/ws/demo");
		expect(FakeSocket.last.protocols).toEqual(["yodel"]);
		expect(socket.snapshot()).toMatchObject({ state: "open", protocol: "yodel" });
	});

	it("keeps a burst of 10,000 messages, in order", async () => {
		await opened();
		for (let i = 0; i < 10_000; i++) FakeSocket.last.hear(String(i));
		await settle();
		const texts = socket.snapshot().log.map((entry) => entry.text);
		expect(texts).toEqual(Array.from({ length: 10_000 }, (_, i) => String(i)));
		expect(socket.snapshot().latest?.text).toBe("9999");
	});

	it("asks for a fresh credential at every attempt", async () => {
		let count = 0;
		socket.live = { credential: () => ({ query: { token: `t${++count}` } }) };
		await opened();
		FakeSocket.last.end(1006);
		await vi.advanceTimersByTimeAsync(500);
		expect(FakeSocket.all.map((each) => each.url.searchParams.get("token"))).toEqual(["t1", "t2"]);
	});

	it("waits longer after each failure and begins anew after success", async () => {
		vi.spyOn(Math, "random").mockReturnValue(1);
		socket.open();
		const waits: number[] = [];
		for (let i = 0; i < 4; i++) {
			await settle();
			FakeSocket.last.end(1006);
			waits.push((socket.snapshot().retryAt ?? 0) - Date.now());
			await vi.advanceTimersByTimeAsync(waits[i] ?? 0);
		}
		FakeSocket.last.open();
		FakeSocket.last.end(1006);
		waits.push((socket.snapshot().retryAt ?? 0) - Date.now());
		expect(waits).toEqual([500, 1000, 2000, 4000, 500]);
	});

	it("gives up when the credential is refused, and tries again when asked", async () => {
		socket.live = { credential: () => Promise.reject(new Refused("signed out")) };
		socket.open();
		await settle();
		expect(state()).toBe("refused");
		expect(FakeSocket.all).toHaveLength(0);
		socket.live = {};
		socket.retry();
		await settle();
		FakeSocket.last.open();
		expect(state()).toBe("open");
	});

	it.each([1009, 3500, 3503, 3999, 4500])("stays away after the terminal code %i", async (code) => {
		await opened();
		FakeSocket.last.end(code, "why");
		await vi.advanceTimersByTimeAsync(60_000);
		expect(FakeSocket.all).toHaveLength(1);
		expect(socket.snapshot()).toMatchObject({ state: "refused", close: { code, reason: "why" } });
	});

	it.each([1000, 1006, 3001, 3005, 4000])("comes back after the code %i", async (code) => {
		await opened();
		FakeSocket.last.end(code);
		await vi.advanceTimersByTimeAsync(500);
		expect(FakeSocket.all).toHaveLength(2);
	});

	it("gives up after the number of retries", async () => {
		socket = new PlainSocket({ url: "/ws/demo", retries: 2 });
		socket.open();
		for (let i = 0; i < 3; i++) {
			await vi.advanceTimersByTimeAsync(5_000);
			FakeSocket.last.end(1006);
		}
		expect(FakeSocket.all).toHaveLength(3);
		expect(state()).toBe("refused");
	});

	it("sends only on an open connection, and says so", async () => {
		expect(socket.send("early")).toBe(false);
		socket.live = { firstPayload: () => "hello" };
		await opened();
		expect(socket.send("now")).toBe(true);
		expect(FakeSocket.last.sent).toEqual(["hello", "now"]);
	});

	it("drops an attempt that was closed while it asked for its credential", async () => {
		let give: (value: object) => void = () => {};
		socket.live = { credential: () => new Promise((resolve) => (give = resolve)) };
		socket.open();
		socket.close();
		give({});
		await settle();
		expect(FakeSocket.all).toHaveLength(0);
	});
});

describe("delayBefore", () => {
	it("stays between half and the whole, and under the longest", () => {
		expect(delayBefore(1, {}, 0)).toBe(250);
		expect(delayBefore(1, {}, 1)).toBe(500);
		expect(delayBefore(100, { longest: 3000 }, 1)).toBe(3000);
	});
});

it("a credential's first message goes out before everything and stays out of the log", async () => {
	vi.stubGlobal("WebSocket", FakeSocket);
	const socket = new PlainSocket({ url: "/ws" });
	socket.live = { credential: () => ({ first: "secret" }), firstPayload: () => "hello" };
	socket.open();
	await vi.waitFor(() => expect(FakeSocket.living).toBeGreaterThan(0));
	FakeSocket.last.open();
	await Promise.resolve();
	expect(FakeSocket.last.sent).toEqual(["secret", "hello"]);
	expect(socket.snapshot().log.map((entry) => entry.text)).toEqual(["hello"]);
	socket.close();
});

it("renews before the end, again and again, without another connection", async () => {
	vi.stubGlobal("WebSocket", FakeSocket);
	socket = new PlainSocket({ url: "/ws" });
	let renewed = 0;
	socket.live = {
		credential: () => ({ expiresAt: Date.now() + 300_000 }),
		renew: async () => ({ message: `token ${++renewed}`, expiresAt: Date.now() + 300_000 }),
	};
	socket.open();
	await vi.advanceTimersByTimeAsync(0);
	const first = FakeSocket.last;
	first.open();
	await vi.advanceTimersByTimeAsync(269_000);
	expect(renewed).toBe(0);
	await vi.advanceTimersByTimeAsync(2_000);
	expect(first.sent).toEqual(["token 1"]);
	await vi.advanceTimersByTimeAsync(271_000);
	expect(first.sent).toEqual(["token 1", "token 2"]);
	expect(FakeSocket.last).toBe(first);
	expect(socket.snapshot().log).toEqual([]);
	socket.close();
	await vi.advanceTimersByTimeAsync(600_000);
	expect(renewed).toBe(2);
});
