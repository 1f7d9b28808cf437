import type { FakeServer } from "./fake-server";
import { commandsOf } from "./frames";
import { bytesOf } from "./limits";
import type { Command, Push, Reply, WireError, WireInfo } from "./wire";

/** The other end of a connection, whatever it is made of. */
export interface Peer {
	send(text: string): void;
	close(code: number, reason: string): void;
}

/** A reason to end a connection. */
interface Close {
	close: [code: number, reason: string];
}

const failed = (code: number, message: string): Reply => ({ error: { code, message } });
const badRequest: Close = { close: [3501, "bad request"] };
const denied = failed(103, "permission denied");

/** One connection as the server sees it. */
export class Session {
	readonly info: WireInfo;
	/** Channels, and whether joins and leaves are wanted in them. */
	readonly channels = new Map<string, boolean>();
	connected = false;
	#closed = false;
	#frames: string[] = [];
	#working = false;
	#held: string[] = []; // replies of a frame, which go out together
	#failures = 0; // in a row

	constructor(
		private readonly server: FakeServer,
		private readonly peer: Peer,
		id: number,
	) {
		this.info = { client: `client-${id}`, user: server.options.user ?? "alice" };
	}

	push(push: Push): void {
		this.#flush();
		this.peer.send(JSON.stringify({ push }));
	}

	close(code: number, reason: string): void {
		if (this.#closed) return;
		this.#flush();
		this.#closed = true;
		this.peer.close(code, reason);
	}

	/** Takes a frame of the client: commands, one a line. Frames are worked off one after the other. */
	receive(text: string): void {
		if (bytesOf(text) > this.server.limits.messageBytes) this.close(1009, "");
		if (this.#closed) return;
		this.#frames.push(text);
		if (!this.#working) this.#next();
	}

	#next(): void {
		const text = this.#frames.shift();
		this.#working = text !== undefined && !this.#closed;
		if (text === undefined || this.#closed) return;
		const { commands, bad } = commandsOf(text, this.server.limits.commandsPerFrame);
		this.#carry(commands, () => {
			if (bad) this.close(...badRequest.close);
			this.#flush();
			this.#next();
		});
	}

	/** Carries commands out in order; one that takes time holds up those behind it, and no answer. */
	#carry(commands: Command[], done: () => void): void {
		while (!this.#closed) {
			const command = commands.shift();
			if (!command) break;
			const reply = this.#answer(command);
			if (reply instanceof Promise) {
				this.#flush();
				void reply.then((later) => {
					this.#settle(command, later);
					this.#carry(commands, done);
				});
				return;
			}
			this.#settle(command, reply);
		}
		done();
	}

	#settle(command: Command, reply: Reply | Close): void {
		if (this.#closed) return;
		const error = (reply as { error?: WireError }).error;
		if (!error) this.#failures = 0;
		else if (!error.temporary) this.#failures++;
		if ("close" in reply) this.close(...(reply as Close).close);
		else if (this.#failures >= this.server.limits.errors) this.close(3509, "too many errors");
		else this.#held.push(JSON.stringify({ id: command.id, ...reply }));
		if (error && command.connect) this.close(...endOf(error));
	}

	#flush(): void {
		if (this.#held.length > 0 && !this.#closed) this.peer.send(this.#held.join("\n"));
		this.#held = [];
	}

	#answer(command: Command): Reply | Close | Promise<Reply> {
		if (this.connected === (command.connect !== undefined)) return badRequest;
		if (command.connect) return this.#connect(command.connect.token ?? "");
		if (command.send) return { close: [3508, "not available"] };
		if (command.subscribe) return this.#subscribe(command.subscribe);
		if (command.unsubscribe) return this.#unsubscribe(command.unsubscribe.channel);
		if (command.rpc) return this.server.call(command.rpc.method, command.rpc.data);
		if (command.refresh) return command.refresh.token ? { refresh: { expires: false } } : badRequest;
		if (command.publish) return this.#publish(command.publish);
		return this.#read(command);
	}

	/** What is for subscribers alone. */
	#read({ presence, presence_stats, history, sub_refresh }: Command): Reply | Close {
		const channel = (presence ?? presence_stats ?? history ?? sub_refresh)?.channel;
		if (!channel) return badRequest;
		if (!this.channels.has(channel)) return denied;
		const clients = this.server.present(channel);
		if (presence) return { presence: { presence: Object.fromEntries(clients.map((info) => [info.client, info])) } };
		if (presence_stats) {
			const users = new Set(clients.map(({ user }) => user));
			return { presence_stats: { num_clients: clients.length, num_users: users.size } };
		}
		if (!history) return failed(108, "not available");
		const stream = this.server.stream(channel);
		const publications = stream.history(history.limit, history.reverse);
		return { history: { publications, epoch: stream.epoch, offset: stream.top } };
	}

	#connect(token: string): Reply {
		const refusal = this.server.admit(token);
		if (refusal) return { error: refusal };
		this.connected = true;
		return { connect: { client: this.info.client, version: "fake", ...this.server.expiry } };
	}

	#publish({ channel, data }: NonNullable<Command["publish"]>): Reply | Close {
		if (!channel) return badRequest;
		this.server.publish(channel, data, this.info);
		return { publish: {} };
	}

	#subscribe({
		channel,
		recover,
		epoch = "",
		offset = 0,
		join_leave = false,
	}: NonNullable<Command["subscribe"]>): Reply | Close {
		if (!channel) return badRequest;
		const { limits, options } = this.server;
		if (bytesOf(channel) > limits.channelBytes) return failed(107, "bad request");
		if (this.channels.has(channel)) return failed(105, "already subscribed");
		if (this.channels.size >= limits.channels) return failed(106, "limit exceeded");
		const refusal = options.subscribe?.(channel);
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

	#unsubscribe(channel: string): Reply | Close {
		if (!channel) return badRequest;
		if (this.channels.delete(channel)) this.server.tell(channel, { channel, leave: { info: this.info } });
		return { unsubscribe: {} };
	}
}

/** How a connection ends whose connect was answered with an error. */
function endOf({ code, temporary }: WireError): Close["close"] {
	if (code === 109) return [3005, "connection expired"];
	return temporary ? [3004, "internal server error"] : [3507, "permission denied"];
}
