import type { Centrifuge } from "centrifuge";
import { createAttempts } from "./attempts";
import type { Backoff } from "./backoff";
import type { Channel } from "./channel";
import { type Codec, plain } from "./codec";
import type { Credentials } from "./credentials";
import type { SocketClass } from "./dial";
import { listenToPage } from "./page";
import type { Refusal } from "./refusal";
import { createStore, type Watched } from "./store";

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

/** One connection: centrifuge-js, with a credential for every attempt and a state that can be shown; open while watched. */
export interface Connection extends Watched<UseConnection> {
	readonly options: ConnectionOptions;
	/** May change without another connection; read at every attempt. */
	credentials: Credentials;
	/** The client, which does nothing until the connection is opened. */
	readonly client: Centrifuge;
	readonly codec: Codec;
	/** The channels in use, by name. */
	readonly channels: Map<string, Channel>;
}

// On the global object, so that a module evaluated anew by hot reload finds what the old one opened.
const opened = (): Set<Connection> =>
	((globalThis as { "yodel-react/1"?: Set<Connection> })["yodel-react/1"] ??= new Set());

/** What decides which connection it is. */
export const deciding = ["url", "identity", "client", "codec", "socket"] as const;

/**
 * The page's connection of these options: the one that is open, else a new one. On
 * a server always a new one, for none ever opens there.
 */
export function connectionFor(options: ConnectionOptions, credentials: Credentials): Connection {
	for (const known of opened()) if (deciding.every((name) => known.options[name] === options[name])) return known;
	return createConnection(options, credentials);
}

function createConnection(options: ConnectionOptions, credentials: Credentials): Connection {
	const change = (to: Partial<ConnectionSnapshot>) => {
		const next = { ...store.snapshot(), ...to };
		let state: ConnectionState = next.roundTrip === null ? "connecting" : "recovering";
		if (!navigator.onLine) state = "offline";
		if (client.state === "connected") state = "live";
		if (next.refusal) state = "refused";
		store.set({ ...next, state });
	};
	const retry = () => {
		if (store.snapshot().refusal) client.connect();
		hurry();
	};
	const unknown: UseConnection = {
		state: "connecting",
		client: null,
		refusal: null,
		close: null,
		roundTrip: null,
		retryAt: null,
		retry,
	};
	const store = createStore(unknown, () => {
		opened().add(connection);
		const leave = listenToPage(() => {
			change({});
			if (navigator.onLine && document.visibilityState === "visible") hurry();
		});
		client.connect();
		return () => {
			opened().delete(connection);
			leave();
			client.disconnect();
			store.set(unknown);
		};
	});
	const [client, hurry] = createAttempts(options, () => connection.credentials, change);
	const connection: Connection = {
		...store,
		client,
		options,
		credentials,
		codec: options.codec ?? plain,
		channels: new Map(),
	};
	return connection;
}
