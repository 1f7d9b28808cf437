// What the official JavaScript client puts on the wire when it comes back. The
// defaults of MessageBytes, FirstMessageBytes and CommandsPerFrame are chosen by it.

import { afterEach, describe, expect, inject, it } from "vitest";
import { encodings } from "./encodings";
import { commandsIn, startProxy } from "./proxy";
import { manyChannels, ways, withMany } from "./returning";

const ends: (() => void)[] = [];
afterEach(() => {
	for (const end of ends.splice(0)) end();
});

describe.each(encodings)("the first frame of a client that comes back, $name", (encoding) => {
	it.each(ways)("pending $pending, subscription tokens $tokens: all subscriptions", async (way) => {
		const proxy = await startProxy(inject("address"));
		const { one, names } = withMany(encoding, proxy.url, way);
		ends.push(() => one.stop(), proxy.stop);
		one.connect();
		await one.until(() => one.told.connected === 1, "connected");
		for (const name of names) one.follow(name); // a frame each, once it is connected
		await one.until(() => one.told.live.size === manyChannels, "subscribed");
		expect(Math.max(...proxy.frames.map(({ payload }) => commandsIn(payload, encoding.name === "protobuf")))).toBe(1);
		proxy.cut();
		await expect.poll(() => proxy.frames.find(({ connection }) => connection === 2)).toBeDefined();
		const payload = proxy.frames.find(({ connection }) => connection === 2)?.payload ?? Buffer.alloc(0);
		expect(commandsIn(payload, encoding.name === "protobuf")).toBe(1 + manyChannels);
		const { least, most } = sizes[`${encoding.name}${way.tokens ? ", tokens" : ""}`] ?? { least: 0, most: 0 };
		expect(payload.length).toBeGreaterThan(least);
		expect(payload.length).toBeLessThan(most);
	});
});

/** Bytes of 128 subscriptions with names of 40 bytes, tokens of 300 bytes where there are any. */
const sizes: Record<string, { least: number; most: number }> = {
	JSON: { least: 18_000, most: 20_000 },
	"JSON, tokens": { least: 57_000, most: 60_000 },
	protobuf: { least: 8_500, most: 10_000 },
	"protobuf, tokens": { least: 47_000, most: 50_000 },
};
