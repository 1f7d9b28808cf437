import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A frame of a client, as it was on the wire. */
export interface WireFrame {
	connection: number;
	payload: Buffer;
}

/**
 * A proxy between clients and a hub: it cuts connections, passes bytes of the hub on
 * at a rate, and keeps the data frames that the clients have sent.
 */
export async function startProxy(target: string) {
	const [host, port] = target.split(":") as [string, string];
	const open = new Set<Socket>();
	const frames: WireFrame[] = [];
	let connections = 0;
	let away = false;
	let deaf = 0;
	let bytesPerSecond = Number.POSITIVE_INFINITY;
	const server = createServer((client) => {
		if (away) return client.destroy();
		const number = ++connections;
		const upstream = connect(Number(port), host);
		for (const socket of [client, upstream]) {
			socket.setNoDelay(true);
			socket.on("error", () => {}); // its close follows
			open.add(socket);
		}
		client.on("close", () => upstream.destroy());
		upstream.on("close", () => client.destroy());
		const swallows = deaf > 0;
		if (swallows) deaf--;
		let upgraded = false;
		const read = frameReader((payload) => frames.push({ connection: number, payload }));
		client.on("data", (chunk: Buffer) => {
			read(chunk);
			if (swallows && upgraded) return;
			upgraded = true;
			if (!upstream.write(chunk)) {
				client.pause();
				upstream.once("drain", () => client.resume());
			}
		});
		upstream.on("data", (chunk: Buffer) => {
			upstream.pause();
			client.write(chunk);
			setTimeout(() => upstream.resume(), (chunk.length / bytesPerSecond) * 1000);
		});
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return {
		url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`,
		frames,
		/** Closes all connections without a word of WebSocket; with `stay`, new ones too. */
		cut(stay = false) {
			away = stay;
			for (const socket of open) socket.destroy();
			open.clear();
		},
		come() {
			away = false;
		},
		/** Passes nothing on of what the next clients send behind their upgrade. */
		deafen(clients: number) {
			deaf = clients;
		},
		slow(rate: number) {
			bytesPerSecond = rate;
		},
		stop() {
			for (const socket of open) socket.destroy();
			server.close();
		},
	};
}

const textFrame = 1;
const binaryFrame = 2;

/** Reads the payloads of a client's data frames behind its handshake (RFC 6455, section 5.2). */
function frameReader(found: (payload: Buffer) => void) {
	let buffer: Buffer = Buffer.alloc(0);
	let upgraded = false;
	return (chunk: Buffer) => {
		buffer = Buffer.concat([buffer, chunk]);
		if (!upgraded) {
			const end = buffer.indexOf("\r\n\r\n");
			if (end < 0) return;
			upgraded = true;
			buffer = buffer.subarray(end + 4);
		}
		for (let frame = firstFrame(buffer); frame !== undefined; frame = firstFrame(buffer)) {
			if (frame.opcode === textFrame || frame.opcode === binaryFrame) found(frame.payload);
			buffer = buffer.subarray(frame.length);
		}
	};
}

function firstFrame(buffer: Buffer) {
	if (buffer.length < 2) return undefined;
	let size = buffer.readUInt8(1) & 0x7f;
	let head = 2;
	if (size === 126) {
		if (buffer.length < 4) return undefined;
		size = buffer.readUInt16BE(2);
		head = 4;
	} else if (size === 127) {
		if (buffer.length < 10) return undefined;
		size = Number(buffer.readBigUInt64BE(2));
		head = 10;
	}
	const length = head + 4 + size;
	if (buffer.length < length) return undefined;
	const key = buffer.subarray(head, head + 4);
	const payload = Buffer.from(buffer.subarray(head + 4, length));
	for (let i = 0; i < size; i++) payload[i] = (payload[i] as number) ^ (key[i & 3] as number);
	return { opcode: buffer.readUInt8(0) & 0xf, payload, length };
}

/** How many commands a frame holds: a line each in JSON, a length in front of each in protobuf. */
export function commandsIn(payload: Buffer, protobuf: boolean) {
	if (!protobuf) return payload.toString().trim().split("\n").length;
	let count = 0;
	for (let at = 0; at < payload.length; count++) {
		let length = 0;
		for (let shift = 0; ; shift += 7) {
			const byte = payload.readUInt8(at++);
			length += (byte & 0x7f) << shift;
			if (byte < 0x80) break;
		}
		at += length;
	}
	return count;
}
