import type { Options } from "centrifuge";
import { delayBefore } from "./backoff";
import type { Connection, ConnectionSnapshot } from "./connection-store";
import { type Credential, dialler } from "./dial";
import { createPause } from "./pause";
import { Refused, refusalIn } from "./refusal";

/** A connection that ended sooner counts as a failed attempt, so that nothing loops at full speed. */
const lasting = 5000;
/** A credential that takes longer is given up, and the next attempt asks for another. */
const patience = 10_000;

/** What becomes of a connection's attempts. */
export interface Attempts {
	/** How centrifuge-js is told to go about them. */
	options: Partial<Options>;
	/** Makes the next attempt now. */
	hurry: () => void;
	/** Gives up what is under way, and begins to count anew. */
	forget: () => void;
	/** Returns how long the first message and its answer took. */
	connected: () => number;
	/** A connection has ended, or the next attempt begins. */
	ended: () => void;
}

export function createAttempts(connection: Connection, change: (to: Partial<ConnectionSnapshot>) => void): Attempts {
	const { backoff = {}, giveUpAfter = 10, socket } = connection.options;
	const pause = createPause((retryAt) => change({ retryAt }));
	let abort = new AbortController();
	let carried: Credential = {};
	/** Attempts since the last connection that lasted. */
	let failed = 0;
	/** Sockets that did not open although the server's HTTP side answered. */
	let turnedAway = 0;
	/** When the socket opened, and when the server answered on it; 0 for not yet. */
	let opened = 0;
	let answered = 0;

	/** After a socket that did not open: what does the server say over HTTP? */
	const probe = async (signal: AbortSignal) => {
		if (!turnedAway || !connection.credentials.probe) return;
		await connection.credentials.probe(signal);
		if (++turnedAway > giveUpAfter) throw new Refused("the server answers, but no socket opens", "blocked");
	};
	/** Before each attempt: wait, make sure that it makes sense, and take a fresh credential. */
	const begin = async () => {
		abort.abort();
		abort = new AbortController();
		const { signal } = abort;
		if (failed) await pause.wait(delayBefore(failed, backoff), signal);
		signal.throwIfAborted();
		const failures = failed++;
		const timer = setTimeout(() => abort.abort(), patience);
		try {
			await probe(signal);
			carried = await connection.credentials.present({ failures, signal });
			connection.client.setToken(carried.token ?? "");
		} catch (error) {
			const refusal = refusalIn(error);
			if (refusal && !signal.aborted) {
				change({ refusal });
				connection.client.disconnect();
			}
			throw error; // another attempt may mend it: centrifuge-js makes one
		} finally {
			clearTimeout(timer);
		}
		return null;
	};
	/**
	 * Asked for while connecting too, where the credential of the attempt decides. Who is
	 * refused a renewal stays until the server ends the connection; the next attempt hears why.
	 */
	const renew = async () => {
		if (connection.client.state !== "connected") return "";
		const { renew } = connection.credentials;
		if (!renew) throw new Error("these credentials can't be renewed in place");
		return renew(abort.signal).catch((error) => {
			if (!refusalIn(error)) throw error;
			return new Promise<never>(() => {});
		});
	};
	const watch = (socket: WebSocket) => {
		turnedAway ||= 1;
		socket.addEventListener("open", () => {
			turnedAway = 0;
			opened = Date.now();
		});
		socket.addEventListener("close", ({ code, reason }) => change({ close: { code, reason } }));
	};
	return {
		options: {
			// Both run at once, so that the wait is ours: it can be shown, and cut short.
			minReconnectDelay: 1,
			maxReconnectDelay: 1,
			getData: begin,
			getToken: renew,
			websocket: dialler(() => carried, socket, watch),
		},
		hurry: pause.end,
		forget: () => {
			failed = turnedAway = 0;
			abort.abort();
		},
		connected: () => {
			answered = Date.now();
			return answered - opened;
		},
		ended: () => {
			if (answered && Date.now() - answered >= lasting) failed = 1;
			answered = 0;
		},
	};
}
