// The fake server of yodel-react/testing beside the hub: the same frames, the same answers.

import { randomUUID } from "node:crypto";
import { describe, expect, inject, it } from "vitest";
import { WebSocket } from "ws";
import { FakeServer } from "../../frontend/hooks/testing";

const address = inject("address");
const connect = '{"id":1,"connect":{}}';
const rpc = (id: number) => `{"id":${id},"rpc":{"method":"add","data":{"A":${id},"B":1}}}`;
const unknown = (id: number) => `{"id":${id},"rpc":{"method":"nothing"}}`;
const subscribe = (id: number, channel: string) => `{"id":${id},"subscribe":{"channel":"${channel}"}}`;
const lines = (many: number, line: (id: number) => string) =>
	Array.from({ length: many }, (_, n) => line(n + 2)).join("\n");
const room = (name: string | number) => `room:${name}`;

/** What a client says; the last of it is answered, or ends the connection. */
const conversations: Record<string, string[]> = {
	"answers share a frame": [connect, [rpc(2), unknown(3), rpc(4)].join("\n")],
	"a frame that ends with a line feed": [connect, `${rpc(2)}\n`],
	"an empty frame": [connect, ""],
	"not JSON": [connect, "hello"],
	"what came before in the frame is answered": [connect, `${rpc(2)}\nhello\n${rpc(3)}`],
	"a pong that nobody asked for": [connect, "{}"],
	"no request": [connect, '{"id":5}'],
	"an unknown request": [connect, '{"id":5,"dance":{}}'],
	"two requests": [connect, '{"id":5,"rpc":{"method":"add"},"history":{"channel":"news"}}'],
	"no id": [connect, '{"rpc":{"method":"add"}}'],
	"a negative id": [connect, '{"id":-1,"rpc":{"method":"add"}}'],
	"an id of 2^32": [connect, '{"id":4294967296,"rpc":{"method":"add"}}'],
	"a ping": [connect, '{"id":5,"ping":{}}'],
	"a send that nobody takes": [connect, '{"send":{"data":1}}'],
	"a command before connect": [rpc(1)],
	"a second connect": [connect, '{"id":2,"connect":{}}'],
	"as many commands as may be": [connect, lines(180, unknown)],
	"as many bytes as may be": [connect, `${unknown(2).padEnd((64 << 10) - 1, " ")}\n`],
	"more bytes than may be": [connect, unknown(2).padEnd((64 << 10) + 1, " ")],
	"as many channels as may be, and one": [connect, lines(129, (id) => subscribe(id, room(id)))],
	"a channel twice": [connect, `${subscribe(2, room(1))}\n${subscribe(3, room(1))}`],
	"a channel without a name": [connect, subscribe(2, "")],
	"a name of 255 bytes": [connect, subscribe(2, room("x".repeat(250)))],
	"a name of 256 bytes": [connect, subscribe(2, room("x".repeat(251)))],
	"history of what one is not in": [connect, '{"id":2,"history":{"channel":"room:1","limit":1}}'],
	"presence of what one is not in": [connect, '{"id":2,"presence":{"channel":"room:1"}}'],
	"unsubscribe from what one is not in": [connect, '{"id":2,"unsubscribe":{"channel":"room:1"}}'],
	"unsubscribe from no channel": [connect, '{"id":2,"unsubscribe":{"channel":""}}'],
	"a refresh without a token": [connect, '{"id":2,"refresh":{"token":""}}'],
};

/** Frames and the end as a client has them; ids, epochs and what the fake does not have are left out. */
interface Heard {
	frames: string[];
	end?: string;
}

const unstable = /"(client|epoch|version)":"[^"]*",?|"(ping|pong)":\w+,?|,(?=\})/g;
const stable = (frame: string) =>
	frame
		.split("\n")
		.map((line) => line.replace(unstable, "").replace(/,(?=\})/g, ""))
		.map((line) => (line.includes('"subscribe"') ? line.replace(/\{"recoverable.*\}\}/, "{}}") : line))
		.join("\n");

const marker = '{"id":4000000000,"rpc":{"method":"add","data":{"A":1,"B":1}}}';

async function fromHub(frames: string[]): Promise<Heard> {
	const socket = new WebSocket(`ws://${address}/ws?user=${randomUUID()}`);
	const heard: Heard = { frames: [] };
	await new Promise((resolve) => socket.once("open", resolve));
	const over = new Promise<void>((resolve) => {
		socket.on("message", (data) => {
			for (const line of String(data).split("\n")) // the hub joins the answers of several frames, too
				if (line.includes("4000000000")) resolve();
				else if (!line.includes('"join"')) heard.frames.push(stable(line));
		});
		socket.on("close", (code, reason) => {
			heard.end = `${code} ${reason}`;
			resolve();
		});
	});
	const [first = "", ...others] = frames;
	const begun = new Promise((resolve) => socket.once("message", resolve));
	socket.send(first);
	if (first === connect) await begun; // pongs overtake what waits for its turn
	for (const frame of others) socket.send(frame);
	if (frames.every((frame) => frame.length <= 64 << 10)) socket.send(marker); // behind what is too big, it would cut the end off
	await over;
	socket.terminate();
	return heard;
}

async function fromFake(frames: string[]): Promise<Heard> {
	const server = new FakeServer({ rpc: { add: ({ A, B }: { A: number; B: number }) => A + B } });
	const heard: Heard = { frames: [] };
	await new Promise<void>((resolve) => {
		const { receive } = server.serve({
			send: (frame) => {
				if (frame.includes("4000000000")) resolve();
				else heard.frames.push(...stable(frame).split("\n"));
			},
			close: (code, reason) => {
				heard.end = `${code} ${reason}`;
				resolve();
			},
		});
		for (const frame of [...frames, marker]) receive(frame);
	});
	return heard;
}

describe("the fake server answers as the hub", () => {
	it.each(Object.entries(conversations))("%s", async (_, frames) => {
		const [fake, hub] = await Promise.all([fromFake(frames), fromHub(frames)]);
		expect(fake.frames.join("\n")).toBe(hub.frames.join("\n"));
		expect(fake.end).toBe(hub.end);
	});

	it("more commands than may be", async () => {
		const frames = [connect, lines(257, unknown)];
		const [fake, hub] = await Promise.all([fromFake(frames), fromHub(frames)]); // where the last are over its rate
		expect(fake.end).toBe(hub.end);
		expect(fake.frames.length).toBe(hub.frames.length);
	});
});
