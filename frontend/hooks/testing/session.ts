import type { FakeServer } from "./fake-server";
import type { Command, Push, Reply, WireInfo } from "./wire";

/** The other end of a connection, whatever it is made of. */
export interface Peer {
	send(text: string): void;
	close(code: number, reason: string): void;
}

const failed = (code: number, message: string): Reply => ({ error: { code, message } });

/** One connection as the server sees it. */
export class Session {
	readonly info: WireInfo;
	/** Channels, and whether joins and leaves are wanted in them. */
	readonly channels = new Map<string, boolean>();
	connected = false;

	constructor(
		private readonly server: FakeServer,
		private readonly peer: Peer,
		id: number,
	) {
		this.info = { client: `client-${id}`, user: server.options.user ?? "alice" };
	}

	push(push: Push): void {
		this.peer.send(JSON.stringify({ push }));
	}

	close(code: number, reason: string): void {
		this.peer.close(code, reason);
	}

	/** Takes what the client sent: commands, one a line. */
	receive(text: string): void {
		for (const line of text.split("\n")) {
			const { id, ...command } = JSON.parse(line) as Command;
			if (id === undefined) continue; // a pong
			const reply = this.#answer(command);
			if (reply instanceof Promise) void reply.then((later) => this.#reply(id, later));
			else this.#reply(id, reply);
		}
	}

	#reply(id: number, reply: Reply): void {
		this.peer.send(JSON.stringify({ id, ...reply }));
	}

	#answer(command: Command): Reply | Promise<Reply> {
		if (command.connect) return this.#connect(command.connect.token ?? "");
		if (command.subscribe) return this.#subscribe(command.subscribe);
		if (command.unsubscribe) return this.#unsubscribe(command.unsubscribe.channel);
		if (command.rpc) return this.server.call(command.rpc.method, command.rpc.data);
		if (command.refresh) return { refresh: { expires: false } };
		if (command.publish) {
			this.server.publish(command.publish.channel, command.publish.data, this.info);
			return { publish: {} };
		}
		if (command.presence) {
			const clients = this.server.present(command.presence.channel);
			return { presence: { presence: Object.fromEntries(clients.map((info) => [info.client, info])) } };
		}
		if (command.history) {
			const { channel, limit, reverse } = command.history;
			const stream = this.server.stream(channel);
			const publications = stream.history(limit, reverse);
			return { history: { publications, epoch: stream.epoch, offset: stream.top } };
		}
		return failed(104, "method not found");
	}

	#connect(token: string): Reply {
		const refusal = this.server.admit(token);
		if (refusal) return { error: refusal };
		this.connected = true;
		return { connect: { client: this.info.client, version: "fake", ...this.server.expiry } };
	}

	#subscribe({
		channel,
		recover,
		epoch = "",
		offset = 0,
		join_leave = false,
	}: NonNullable<Command["subscribe"]>): Reply {
		const refusal = this.server.options.subscribe?.(channel);
		if (refusal) return { error: refusal };
		const stream = this.server.stream(channel);
		this.channels.set(channel, join_leave);
		this.server.tell(channel, { channel, join: { info: this.info } }, this);
		if (!this.server.keeps) return { subscribe: {} };
		const position = { recoverable: true, positioned: true, epoch: stream.epoch };
		if (!recover) return { subscribe: { ...position, offset: stream.top } };
		const publications = stream.since(epoch, offset);
		const outcome = publications ? { recovered: true, publications, offset } : { recovered: false, offset: stream.top };
		return { subscribe: { ...position, was_recovering: true, ...outcome } };
	}

	#unsubscribe(channel: string): Reply {
		if (this.channels.delete(channel)) this.server.tell(channel, { channel, leave: { info: this.info } });
		return { unsubscribe: {} };
	}
}
