// The official JavaScript client with as many channels as a connection may have, at
// default limits, through cuts of its connection.

import { afterEach, describe, inject, it } from "vitest";
import { encodings, post } from "./encodings";
import { startProxy } from "./proxy";
import { manyChannels, ways, withMany } from "./returning";

const address = inject("address");

const ends: (() => void)[] = [];
afterEach(() => {
	for (const end of ends.splice(0)) end();
});

async function publishAll(names: string[], number: number) {
	for (const name of names) await post(address, `/publish?channel=${name}`, String(number));
}

describe.each(encodings)("H310_128_channels_through_cuts, $name", (encoding) => {
	it.each(ways)("pending $pending, subscription tokens $tokens", { timeout: 90_000 }, async (way) => {
		const proxy = await startProxy(address);
		const { one, names } = withMany(encoding, proxy.url, way);
		ends.push(() => one.stop(), proxy.stop);
		one.connect();
		for (const name of names) one.follow(name);
		await one.until(() => one.told.live.size === manyChannels, "subscribed");
		let last = 1;
		await publishAll(names, last);
		await one.wantAll(names, last);
		for (let round = 0; round < 3; round++) {
			proxy.cut(true);
			await publishAll(names, ++last);
			proxy.come();
			await one.wantAll(names, last);
		}
		for (let round = 0; round < 5; round++) {
			const before = one.told.connected; // cut again before its channels are back
			proxy.cut();
			await one.until(() => one.told.connected > before, "connected");
		}
		await publishAll(names, ++last);
		await one.wantAll(names, last);
	});
});
