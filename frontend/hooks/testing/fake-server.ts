import type { SocketClass } from "../dial";
import { socketTo } from "./fake-socket";
import { defaultLimits, type FakeLimits } from "./limits";
import { Line } from "./line";
import { type Peer, Session } from "./session";
import { Stream } from "./stream";
import type { Push, Reply, WireError, WireInfo } from "./wire";

/** What a fake server is made of. */
export interface FakeServerOptions {
	/** Publications kept in each channel; 0 for channels without recovery. Default 100. */
	history?: number;
	/** Who everybody is. Default `alice`. */
	user?: string;
	/** Seconds that a connection lasts unless its token is renewed. Default: no end. */
	ttl?: number;
	/** The methods that can be called. Throw `{ code, message }` to answer with an error. */
	rpc?: Record<string, (input: never) => unknown>;
	/** Whether a channel may be subscribed to: an error such as `{ code: 103, message: "permission denied" }`, or nothing. */
	subscribe?: (channel: string) => WireError | undefined;
	/** Whether a connection may begin, by the token in its first message: an error, or nothing. */
	connect?: (token: string) => WireError | undefined;
	/** Bounds, as those of a hub. Default: the hub's own defaults. */
	limits?: Partial<FakeLimits>;
}

/** What one attempt to connect presented. */
export interface Dialled {
	url: URL;
	protocols: string[];
}

/**
 * A server in memory that speaks Centrifugo's client protocol in JSON, and breaks
 * when it is told to. It starts no timer: whatever it does happens in the same task.
 *
 * @example
 * ```tsx
 * const server = new FakeServer({ rpc: { "message.send": ({ text }) => ({ id: "1", text }) } });
 * render(
 * 	<YodelProvider url="ws://test/ws" socket={server.socket} credentials={cookie()}>
 * 		<Room />
 * 	</YodelProvider>,
 * );
 * await act(async () => server.publish("room:42", { text: "hello" }));
 * await act(async () => server.cut());
 * ```
 */
export class FakeServer {
	/** For `YodelProvider`, or the `websocket` option of centrifuge-js. */
	readonly socket: SocketClass = socketTo(this);
	/** Every attempt to connect, in order. */
	readonly dialled: Dialled[] = [];
	/** The status that upgrades and `fetch` are refused with, while they are. */
	refusing = 0;
	#sessions = new Map<Session, Line>();
	#streams = new Map<string, Stream>();
	#visitors = new Map<string, Map<string, WireInfo>>();
	#ids = 0;
	#tickets = 0;
	#stalled = false;

	/** @internal */
	readonly limits: FakeLimits;

	constructor(readonly options: FakeServerOptions = {}) {
		this.limits = { ...defaultLimits, ...options.limits };
	}

	/** How many connections are open. */
	get connections(): number {
		return this.#sessions.size;
	}

	/** How many connections are subscribed to a channel. */
	subscribers(channel: string): number {
		return [...this.#sessions.keys()].filter((session) => session.channels.has(channel)).length;
	}

	/** Publishes to a channel, for a member if one is named. */
	publish(channel: string, data: unknown, info?: WireInfo): void {
		const pub = this.stream(channel).add(info ? { data, info } : { data });
		for (const session of this.#sessions.keys()) if (session.channels.has(channel)) session.push({ channel, pub });
	}

	/** Sends a message that belongs to no channel to everybody. */
	broadcast(data: unknown): void {
		for (const session of this.#sessions.keys()) session.push({ message: { data } });
	}

	/** Somebody else comes into a channel. */
	join(channel: string, info: WireInfo): void {
		const visitors = this.#visitors.get(channel) ?? new Map<string, WireInfo>();
		this.#visitors.set(channel, visitors.set(info.client, info));
		this.tell(channel, { channel, join: { info } });
	}

	/** Somebody else leaves a channel. */
	leave(channel: string, info: WireInfo): void {
		this.#visitors.get(channel)?.delete(info.client);
		this.tell(channel, { channel, leave: { info } });
	}

	/** Takes a channel away from everybody: unsubscribed with 2000, which is final. */
	unsubscribe(channel: string, code = 2000, reason = "server unsubscribe"): void {
		for (const session of this.#sessions.keys())
			if (session.channels.delete(channel)) session.push({ channel, unsubscribe: { code, reason } });
	}

	/** Cuts every connection without a goodbye (1006). Clients come back at once. */
	cut(): void {
		this.close(1006, "");
	}

	/** Closes every connection with a code and reason of the protocol. */
	close(code: number, reason: string): void {
		for (const session of [...this.#sessions.keys()]) session.close(code, reason);
	}

	/** The token behind every connection has ended: closed with 3005. */
	expire(): void {
		this.close(3005, "connection expired");
	}

	/** Signs everybody out: closed with 3503, and nobody is let in again until `accept`. */
	revoke(): void {
		this.refuse();
		this.close(3503, "signed out");
	}

	/** Refuses upgrades from now on, as a browser shows it, and lets `fetch` tell why. */
	refuse(status = 401): void {
		this.refusing = status;
	}

	/** Lets everybody in again. */
	accept(): void {
		this.refusing = 0;
	}

	/** From now on nothing passes in either direction, and nobody is told. */
	stall(): void {
		this.#stalled = true;
		for (const line of this.#sessions.values()) line.stall();
	}

	/** What was held back passes, in order. */
	flow(): void {
		this.#stalled = false;
		for (const line of this.#sessions.values()) line.flow();
	}

	/** Loses the history of a channel, so that nobody can recover. */
	forget(channel: string): void {
		this.stream(channel).forget();
	}

	/** Stands in for `fetch`: answers probes, and mints a ticket for every `POST`. */
	fetch = async (_url?: unknown, _init?: unknown): Promise<Response> =>
		this.refusing
			? new Response("{}", { status: this.refusing })
			: Response.json({ ticket: `ticket-${++this.#tickets}` });

	/**
	 * Serves a connection made of anything, such as one of msw's `ws.link`.
	 *
	 * @example
	 * ```ts
	 * const chat = ws.link("ws://test/ws");
	 * chat.addEventListener("connection", ({ client }) => {
	 * 	const { receive, gone } = server.serve(client);
	 * 	client.addEventListener("message", (event) => receive(String(event.data)));
	 * 	client.addEventListener("close", gone);
	 * });
	 * ```
	 */
	serve(peer: Peer): { receive: (text: string) => void; gone: () => void } {
		const line = new Line(peer, this.#stalled);
		const session = new Session(this, line, ++this.#ids);
		this.#sessions.set(session, line);
		return {
			receive: (text) => line.up(() => session.receive(text)),
			gone: () => {
				if (!this.#sessions.delete(session)) return;
				for (const channel of session.channels.keys()) this.tell(channel, { channel, leave: { info: session.info } });
			},
		};
	}

	/** @internal */
	note(url: URL, protocols: string[]): void {
		this.dialled.push({ url, protocols });
	}

	/** @internal */
	get keeps(): boolean {
		return this.options.history !== 0;
	}

	/** @internal */
	get expiry(): object {
		return this.options.ttl === undefined ? {} : { expires: true, ttl: this.options.ttl };
	}

	/** @internal */
	stream(channel: string): Stream {
		const stream = this.#streams.get(channel) ?? new Stream(this.options.history ?? 100);
		this.#streams.set(channel, stream);
		return stream;
	}

	/** @internal */
	admit(token: string): WireError | undefined {
		return this.options.connect?.(token);
	}

	/** @internal */
	async call(method: string, input: unknown): Promise<Reply> {
		const handler = this.options.rpc?.[method] as ((input: unknown) => unknown) | undefined;
		if (!handler) return { error: { code: 104, message: "method not found" } };
		try {
			return { rpc: { data: await handler(input) } };
		} catch (error) {
			const { code = 100, message = "internal server error", temporary } = error as Partial<WireError>;
			return { error: { code, message, ...((temporary ?? code === 100) && { temporary: true }) } };
		}
	}

	/** @internal Everybody in a channel. */
	present(channel: string): WireInfo[] {
		const sessions = [...this.#sessions.keys()].filter((session) => session.channels.has(channel));
		return [...sessions.map(({ info }) => info), ...(this.#visitors.get(channel)?.values() ?? [])];
	}

	/** @internal Tells of a join or leave those who asked for it. */
	tell(channel: string, push: Push, except?: Session): void {
		for (const session of this.#sessions.keys())
			if (session !== except && session.channels.get(channel)) session.push(push);
	}
}
