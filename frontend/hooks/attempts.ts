import { Centrifuge } from "centrifuge";
import { delayBefore } from "./backoff";
import type { ConnectionOptions, ConnectionSnapshot } from "./connection-store";
import type { Credentials } from "./credentials";
import { type Credential, socketAddress } from "./dial";
import { refusalIn, refusalOf } from "./refusal";

/** A connection that ended sooner counts as a failed attempt, so that nothing loops at full speed. */
const lasting = 5000;
/** A credential that takes longer is given up, and the next attempt asks for another. */
const patience = 10_000;

/** What a connection is attempted with: the client, and a way to make its next attempt now. */
export type Attempts = [client: Centrifuge, hurry: () => void];

/** @param credentials asked for at every attempt, for they may change */
export function createAttempts(
	{ backoff = {}, giveUpAfter = 10, socket, client: Client = Centrifuge, url }: ConnectionOptions,
	credentials: () => Credentials,
	change: (to: Partial<ConnectionSnapshot>) => void,
): Attempts {
	let abort = new AbortController();
	let carried: Credential = {};
	/** Attempts since the last connection that lasted. */
	let failed = 0;
	/** Sockets in a row that did not open. */
	let turnedAway = 0;
	/** When the socket opened, and when the server answered on it. */
	let opened = 0;
	let answered = 0;
	let wake = () => {};

	/** Before each attempt: wait, make sure that it makes sense, and take a fresh credential. */
	const begin = async () => {
		abort.abort();
		abort = new AbortController();
		const { signal } = abort;
		if (failed) {
			const delay = delayBefore(failed, backoff);
			change({ retryAt: Date.now() + delay });
			await new Promise<void>((over) => {
				const timer = setTimeout(over, delay);
				wake = () => {
					clearTimeout(timer);
					over();
				};
			});
			change({ retryAt: null });
		}
		signal.throwIfAborted();
		const failures = failed++;
		const timer = setTimeout(() => abort.abort(), patience);
		try {
			const shown = credentials();
			if (turnedAway && shown.probe) {
				// a socket did not open: what does the server say over HTTP?
				await shown.probe(signal);
				if (turnedAway >= giveUpAfter) throw refusalOf(0, "no socket opens", "blocked");
			}
			carried = await shown.present({ failures, signal });
			client.setToken(carried.token ?? "");
		} catch (error) {
			const refusal = refusalIn(error);
			if (refusal && !signal.aborted) {
				change({ refusal });
				client.disconnect();
			}
			throw error; // another attempt may mend it: centrifuge-js makes one
		} finally {
			clearTimeout(timer);
		}
		return null;
	};
	/**
	 * Asked for while connecting too, where the credential of the attempt decides. Who is
	 * refused a renewal, or has none, stays until the server ends the connection; the next
	 * attempt hears why.
	 */
	const renew = async () => {
		if (client.state !== "connected") return "";
		const token = await credentials()
			.renew?.(abort.signal)
			.catch((error) => {
				if (!refusalIn(error)) throw error;
			});
		return token ?? new Promise<never>(() => {});
	};
	/** Dials with the credential of the attempt, which an address alone, a fixed string, cannot carry. */
	function dial(_: string, spoken?: string): WebSocket {
		// beside a credential among the protocols must stand one that the server can choose
		const made = new (socket ?? WebSocket)(
			socketAddress(url, carried.query),
			carried.protocols ? [spoken ?? "centrifuge-json", ...carried.protocols] : spoken,
		);
		turnedAway++;
		made.addEventListener("open", () => {
			turnedAway = 0;
			opened = Date.now();
		});
		made.addEventListener("close", ({ code, reason }) => change({ close: { code, reason } }));
		return made;
	}
	const client = new Client("ws:", {
		maxReconnectDelay: 1, // the wait is ours: it can be shown, and cut short
		getData: begin,
		getToken: renew,
		websocket: dial,
	})
		.on("connecting", () => {
			if (Date.now() - answered >= lasting) failed &&= 1;
			change({ client: null, refusal: null });
		})
		.on("connected", ({ client: id }) => {
			answered = Date.now();
			change({ client: id, roundTrip: answered - opened });
		})
		.on("disconnected", ({ code, reason }) => {
			failed = turnedAway = 0;
			abort.abort();
			wake();
			if (code) change({ client: null, refusal: refusalOf(code, reason) }); // 0 is by our own will
		});
	return [
		client,
		() => {
			if (client.state === "connecting") failed = 0;
			wake();
		},
	];
}
