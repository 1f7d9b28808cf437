import { type Backoff, delayBefore } from "./backoff";
import { isTerminal } from "./close-code";
import type { Attempt } from "./credentials";
import { type Credential, socketAddress } from "./dial";
import { type Refusal, refusalIn, refusalOf } from "./refusal";
import { createStore } from "./store";

/** Where a socket stands. `closed` is final until `open` or `retry`. */
export type ReadyState = "idle" | "connecting" | "open" | "waiting" | "refused" | "closed";

/** One message, sent or received. `sequence` counts both, from 1, without gaps. */
export interface Entry {
	sequence: number;
	direction: "sent" | "received";
	text: string;
	at: number;
}

/** What a screen can show of a socket. The object is new after each change. */
export interface Snapshot {
	state: ReadyState;
	/** Every message since the socket was made, in order, bounded by `keep`. */
	log: readonly Entry[];
	/** The latest received message. */
	latest: Entry | null;
	/** While `waiting`: when the next attempt begins, in milliseconds since the epoch. */
	retryAt: number | null;
	/** How the last connection ended. */
	close: { code: number; reason: string } | null;
	/** While `refused`: why, and what a person can do. */
	refusal: Refusal | null;
	/** The subprotocol that the server chose. */
	protocol: string;
}

/** What a connection attempt presents. */
export interface PlainCredential extends Omit<Credential, "token"> {
	/** Sent before anything else, and kept out of the log: a token in the first message. */
	first?: string;
	/** When the server will end the connection, in milliseconds since the epoch. */
	expiresAt?: number;
}

/** What prolongs an open connection. */
export interface Renewal {
	/** Sent as it is, and kept out of the log. */
	message: string;
	/** When the connection then ends, in milliseconds since the epoch. */
	expiresAt: number;
}

/** What decides which plain socket it is. */
export interface PlainSocketOptions {
	url: string;
	/** Subprotocols that the client speaks. */
	protocols?: string[];
	/** Attempts after a failure before giving up. Default: no end. */
	retries?: number;
	backoff?: Backoff;
	/** Entries of the log to keep. Default 20,000. */
	keep?: number;
}

/** What may change without a new connection. Read at every attempt. */
export interface Live {
	/** Called before every attempt, so that no attempt reuses a dead token. */
	credential?: ((attempt: Attempt) => Promise<PlainCredential> | PlainCredential) | undefined;
	/**
	 * Called on an open connection before `expiresAt`, half a minute ahead or at half of
	 * what is left. When it fails, the server ends the connection in time and the next
	 * attempt asks `credential`.
	 */
	renew?: ((signal: AbortSignal) => Promise<Renewal>) | undefined;
	/** Sent first on every connection, after a credential's own. */
	firstPayload?: (() => string) | undefined;
}

/** A timer beyond 31 bits of milliseconds would fire at once (HTML standard, timers). */
const longestTimer = 2_147_483_647;

const idle: Snapshot = {
	state: "idle",
	log: [],
	latest: null,
	retryAt: null,
	close: null,
	refusal: null,
	protocol: "",
};

/**
 * A socket that reconnects, keeps every message, and knows no React.
 *
 * @example
 * ```ts
 * const socket = new PlainSocket({ url: "/ws/demo", protocols: ["yodel"] });
 * socket.subscribe(() => console.log(socket.snapshot().latest?.text));
 * socket.open();
 * ```
 */
export class PlainSocket {
	live: Live = {};
	#store = createStore(idle);
	snapshot = this.#store.snapshot;
	subscribe = this.#store.subscribe;
	#options: PlainSocketOptions;
	#socket: WebSocket | null = null;
	#abort: AbortController | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#renewal: ReturnType<typeof setTimeout> | undefined;
	#failures = 0;
	#sequence = 0;
	#pending: Entry[] = [];
	#flushing = false;

	constructor(options: PlainSocketOptions) {
		this.#options = options;
	}

	/** Connects, unless it is connected or on its way. */
	open(): void {
		if (this.#abort) return;
		this.#failures = 0;
		addEventListener("online", this.retry);
		addEventListener("pageshow", this.#pageshow);
		addEventListener("pagehide", this.#pagehide);
		void this.#attempt();
	}

	/** Ends the connection, every timer and every listener. */
	close(): void {
		removeEventListener("online", this.retry);
		removeEventListener("pageshow", this.#pageshow);
		removeEventListener("pagehide", this.#pagehide);
		this.#drop();
		this.#store.set({ state: "closed", retryAt: null });
	}

	/** Tries again now, where it waits or has given up. */
	retry = (): void => {
		const { state } = this.snapshot();
		if (state !== "waiting" && state !== "refused") return;
		this.#drop();
		void this.#attempt();
	};

	/** Sends text and returns whether the connection took it. */
	send(text: string): boolean {
		if (this.#socket?.readyState !== WebSocket.OPEN) return false;
		this.#socket.send(text);
		this.#note("sent", text);
		return true;
	}

	#pageshow = (event: PageTransitionEvent): void => {
		if (event.persisted && !this.#abort) void this.#attempt();
	};

	// A page with an open socket is not kept for "back"; one without may be.
	#pagehide = (): void => {
		this.#drop();
		this.#store.set({ state: "idle", retryAt: null });
	};

	async #attempt(): Promise<void> {
		const abort = new AbortController();
		this.#abort = abort;
		this.#store.set({ state: "connecting", retryAt: null, refusal: null });
		let credential: PlainCredential;
		try {
			credential = (await this.live.credential?.({ failures: this.#failures, signal: abort.signal })) ?? {};
		} catch (error) {
			if (abort.signal.aborted) return;
			const refusal = refusalIn(error);
			if (refusal) this.#refuse(refusal);
			else this.#failed();
			return;
		}
		if (!abort.signal.aborted) this.#dial(credential, abort.signal);
	}

	#dial(credential: PlainCredential, signal: AbortSignal): void {
		const url = socketAddress(this.#options.url, credential.query);
		const socket = new WebSocket(url, [...(this.#options.protocols ?? []), ...(credential.protocols ?? [])]);
		this.#socket = socket;
		socket.onopen = () => {
			if (signal.aborted) return;
			this.#failures = 0;
			if (credential.first !== undefined) socket.send(credential.first);
			this.#renewBefore(credential.expiresAt, socket, signal);
			this.#store.set({ state: "open", protocol: socket.protocol, close: null });
			const first = this.live.firstPayload?.();
			if (first !== undefined) this.send(first);
		};
		socket.onmessage = (event) => {
			if (!signal.aborted && typeof event.data === "string") this.#note("received", event.data);
		};
		socket.onclose = (event) => {
			if (signal.aborted) return;
			clearTimeout(this.#renewal);
			this.#store.set({ close: { code: event.code, reason: event.reason } });
			if (isTerminal(event.code)) this.#refuse(refusalOf(event.code, event.reason));
			else this.#failed();
		};
	}

	#failed(): void {
		this.#failures++;
		if (this.#failures > (this.#options.retries ?? Number.POSITIVE_INFINITY)) {
			this.#refuse(refusalOf(0, "every attempt has failed", "blocked"));
			return;
		}
		const delay = delayBefore(this.#failures, this.#options.backoff ?? {});
		this.#store.set({ state: "waiting", retryAt: Date.now() + delay });
		this.#timer = setTimeout(() => void this.#attempt(), delay);
	}

	#refuse(refusal: Refusal): void {
		this.#store.set({ state: "refused", retryAt: null, refusal });
	}

	#renewBefore(expiresAt: number | undefined, socket: WebSocket, signal: AbortSignal): void {
		if (expiresAt === undefined || !this.live.renew) return;
		const left = expiresAt - Date.now();
		const wait = Math.min(Math.max(left - Math.min(30_000, left / 2), 1000), longestTimer);
		this.#renewal = setTimeout(() => void this.#renew(socket, signal), wait);
	}

	async #renew(socket: WebSocket, signal: AbortSignal): Promise<void> {
		try {
			const renewal = await this.live.renew?.(signal);
			if (!renewal || signal.aborted || socket.readyState !== WebSocket.OPEN) return;
			socket.send(renewal.message);
			this.#renewBefore(renewal.expiresAt, socket, signal);
		} catch {
			// the server ends the connection at its time; the next attempt asks for a credential
		}
	}

	#drop(): void {
		clearTimeout(this.#timer);
		clearTimeout(this.#renewal);
		this.#abort?.abort();
		this.#abort = null;
		this.#socket?.close(1000);
		this.#socket = null;
	}

	/** Messages of one burst reach the screen together, none is skipped. */
	#note(direction: Entry["direction"], text: string): void {
		this.#pending.push({ sequence: ++this.#sequence, direction, text, at: Date.now() });
		if (this.#flushing) return;
		this.#flushing = true;
		queueMicrotask(() => {
			this.#flushing = false;
			const fresh = this.#pending;
			this.#pending = [];
			const log = [...this.snapshot().log, ...fresh].slice(-(this.#options.keep ?? 20_000));
			const latest = fresh.findLast((entry) => entry.direction === "received") ?? this.snapshot().latest;
			this.#store.set({ log, latest });
		});
	}
}
