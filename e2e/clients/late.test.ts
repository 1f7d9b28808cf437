// The official JavaScript client at a hub whose deadline for a connect passes.

import { afterEach, describe, expect, inject, it } from "vitest";
import { WebSocket } from "ws";
import { encodings } from "./encodings";
import { startProxy } from "./proxy";
import { returning } from "./returning";

const address = inject("address");

const ends: (() => void)[] = [];
afterEach(() => {
	for (const end of ends.splice(0)) end();
});

describe.each(encodings)("the deadline for a connect, $name", (encoding) => {
	it("comes back when its network has swallowed the connect", async () => {
		const proxy = await startProxy(address);
		proxy.deafen(1);
		const one = returning(encoding, `${proxy.url.replace("/ws", "/hasty")}?user=alice`, { timeout: 30_000 });
		ends.push(() => one.stop(), proxy.stop);
		one.connect();
		await one.until(() => one.told.connected === 1, "connected");
		expect([...new Set(proxy.frames.map(({ connection }) => connection))]).toEqual([1, 2]);
	});
});

describe("the deadline for a connect", () => {
	it("ends a client for good that is there and says nothing", async () => {
		const socket = new WebSocket(`ws://${address}/hasty?user=alice`);
		ends.push(() => socket.terminate());
		expect(await new Promise((resolve) => socket.once("close", resolve))).toBe(3502);
	});
});
