import { Centrifuge } from "centrifuge";
import { createAttempts } from "./attempts";
import type { Backoff } from "./backoff";
import type { Channel } from "./channel";
import { type Codec, plain } from "./codec";
import type { Credentials } from "./credentials";
import { type SocketClass, socketAddress } from "./dial";
import { listenToPage } from "./page";
import type { Presence } from "./presence";
import { type Refusal, refusalOf } from "./refusal";
import { createStore, type Store } from "./store";

/**
 * Where a connection stands.
 *
 * - `connecting`: on its way for the first time
 * - `live`: open; what is sent arrives
 * - `recovering`: was live, and comes back by itself
 * - `offline`: the device says that it has no network
 * - `refused`: for good; see `refusal` for why and what to do
 */
export type ConnectionState = "connecting" | "live" | "recovering" | "offline" | "refused";

/** What a screen can show of a connection. The object is new after each change. */
export interface ConnectionSnapshot {
	state: ConnectionState;
	/** While it waits: when the next attempt begins, in milliseconds since the epoch. */
	retryAt: number | null;
	/** Why it was refused for good, and what a person can do. */
	refusal: Refusal | null;
	/** How the last socket ended; `describeClose` has a sentence for the code. */
	close: { code: number; reason: string } | null;
	/** Milliseconds from the first message to its answer, measured at each connect. */
	roundTrip: number | null;
	/** This connection's id on the server, while live. */
	client: string | null;
}

/** What decides which connection it is: another value makes another connection. */
export interface ConnectionOptions {
	/** Address of the socket; a path is taken from the page's own host. */
	url: string;
	/** Whose connection it is, such as the user's id. */
	identity?: string | undefined;
	/** The client's class. Default: the JSON client of `centrifuge`. */
	client?: typeof Centrifuge | undefined;
	/** How payloads travel. Default: as they are. */
	codec?: Codec | undefined;
	/** The class of sockets. Default: the browser's own. */
	socket?: SocketClass | undefined;
	backoff?: Backoff | undefined;
	/** Attempts in a row that may fail while the server's HTTP side answers, before giving up. Default 10. */
	giveUpAfter?: number | undefined;
}

/** The state of the connection, and a way to try again now. */
export interface UseConnection extends ConnectionSnapshot {
	/** Tries again now, where it waits or was refused. */
	retry: () => void;
}

/** One connection: centrifuge-js, with a credential for every attempt and a state that can be shown. */
export interface Connection extends Pick<Store<UseConnection>, "snapshot" | "subscribe"> {
	readonly options: ConnectionOptions;
	/** May change without another connection; read at every attempt. */
	credentials: Credentials;
	/** The client, made when it is first needed: never on a server. */
	readonly client: Centrifuge;
	readonly codec: Codec;
	/** The channels in use, by name. */
	readonly channels: Map<string, Channel>;
	readonly presences: Map<string, Presence>;
	/** Opens it for one more user; the function that it returns lets go. The last one ends it, a tick later. */
	acquire: (ended: () => void) => () => void;
}

export function createConnection(options: ConnectionOptions): Connection {
	let made: Centrifuge | undefined;
	let users = 0;
	let open = false;
	let wasLive = false;

	const stateOf = (refusal: Refusal | null): ConnectionState => {
		if (refusal) return "refused";
		if (connection.client.state === "connected") return "live";
		if (!navigator.onLine) return "offline";
		return wasLive ? "recovering" : "connecting";
	};
	const change = (to: Partial<ConnectionSnapshot>) => {
		if (!open) return;
		const next = { ...store.snapshot(), ...to };
		store.set({ ...next, state: stateOf(next.refusal) });
	};
	const hurry = () => {
		if (open && connection.client.state === "connecting") attempts.hurry();
	};
	const retry = () => {
		if (store.snapshot().state !== "refused" || !open) return hurry();
		attempts.forget();
		change({ refusal: null });
		connection.client.connect();
	};
	const unknown: UseConnection = {
		state: "connecting",
		retryAt: null,
		refusal: null,
		close: null,
		roundTrip: null,
		client: null,
		retry,
	};
	const store = createStore(unknown);

	const make = () => {
		const client = new (options.client ?? Centrifuge)(socketAddress(options.url).href, attempts.options);
		client.on("connecting", () => {
			attempts.ended();
			change({ client: null });
		});
		client.on("connected", ({ client }) => {
			wasLive = true;
			change({ client, roundTrip: attempts.connected(), refusal: null });
		});
		client.on("disconnected", ({ code, reason }) => {
			if (!store.snapshot().refusal) change({ refusal: refusalOf(code, reason), client: null });
		});
		return client;
	};
	const start = () => {
		open = true;
		stopListening = listenToPage(() => change({}), hurry);
		connection.client.connect();
	};
	let stopListening = () => {};
	const end = () => {
		open = false;
		wasLive = false;
		stopListening();
		attempts.forget();
		connection.client.disconnect();
		store.set(unknown);
	};

	const connection: Connection = {
		snapshot: store.snapshot,
		subscribe: store.subscribe,
		options,
		credentials: { present: () => ({}) },
		codec: options.codec ?? plain,
		channels: new Map(),
		presences: new Map(),
		get client() {
			made ??= make();
			return made;
		},
		acquire: (ended) => {
			users++;
			if (!open) start();
			return () => {
				users--;
				setTimeout(() => {
					if (users > 0 || !open) return;
					end();
					ended();
				});
			};
		},
	};
	const attempts = createAttempts(connection, change);
	return connection;
}
