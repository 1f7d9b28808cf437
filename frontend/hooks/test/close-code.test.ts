import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Centrifuge } from "centrifuge";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { describeClose, isTerminal } from "../close-code";

/** The close codes that the server knows, from its own source. */
function serverCodes(): { name: string; code: number }[] {
	const source = readFileSync(join(import.meta.dirname, "../../../realtime/close.go"), "utf8");
	return [...source.matchAll(/^\t(\w+)\s+= Close\{Code: (\d{4}),/gm)].map(([, name = "", code]) => ({
		name,
		code: Number(code),
	}));
}

/** A socket that connects at once and answers `connect`. */
class Answering {
	static last: Answering;
	binaryType = "blob";
	readyState = 0;
	onopen: (() => void) | null = null;
	onmessage: ((event: { data: string }) => void) | null = null;
	onclose: ((event: { code: number; reason: string }) => void) | null = null;
	onerror: (() => void) | null = null;
	constructor() {
		Answering.last = this;
		queueMicrotask(() => {
			this.readyState = 1;
			this.onopen?.();
		});
	}
	send(text: string): void {
		const { id } = JSON.parse(text) as { id: number };
		queueMicrotask(() => this.onmessage?.({ data: `{"id":${id},"connect":{"client":"c","ping":25,"pong":true}}` }));
	}
	close(): void {
		this.readyState = 3;
	}
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("the server's codes are read from its source", () => {
	const codes = serverCodes().map(({ code }) => code);
	expect(codes.length).toBeGreaterThan(15);
	expect(codes).toEqual(expect.arrayContaining([3001, 3005, 3503]));
});

test("each code of the server has a meaning, and no other above 3000 has one", () => {
	const unknown = describeClose(2999);
	const codes = new Set(serverCodes().map(({ code }) => code));
	const described = Array.from({ length: 2000 }, (_, n) => 3000 + n).filter((code) => describeClose(code) !== unknown);
	expect(described).toEqual([...codes].filter((code) => code >= 3000).sort());
	for (const code of codes) expect(describeClose(code), String(code)).not.toBe(unknown);
});

test.each(serverCodes())("centrifuge-js and our hook agree on $name ($code)", async ({ code }) => {
	const client = new Centrifuge("ws://localhost/ws", { websocket: Answering });
	client.connect();
	await vi.advanceTimersByTimeAsync(0);
	expect(client.state).toBe("connected");
	Answering.last.onclose?.({ code, reason: "a plain reason" });
	await vi.advanceTimersByTimeAsync(0);
	expect(client.state).toBe(isTerminal(code) ? "disconnected" : "connecting");
	client.disconnect();
});
