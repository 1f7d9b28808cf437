"use client";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { type Live, PlainSocket, type PlainSocketOptions, type Snapshot } from "./plain-socket";

/** The state of a plain socket, and what can be done with it. */
export interface UsePlainSocket extends Snapshot {
	/** Sends text and returns whether the connection took it. */
	send: (text: string) => boolean;
	/** Tries again now. */
	retry: () => void;
}

/** A socket, and what decided on it. */
interface Made {
	url: string;
	identity: string;
	socket: PlainSocket;
	leaving: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Connects a component to a plain socket for as long as it is mounted.
 *
 * Only `url` and `identity` decide which connection it is; callbacks may be new
 * at every render and never disturb it.
 *
 * @example
 * ```tsx
 * const { state, log, send } = usePlainSocket({ url: "/ws/demo", protocols: ["yodel"] });
 * ```
 */
export function usePlainSocket(options: PlainSocketOptions & Live & { identity?: string }): UsePlainSocket {
	const { url, identity = "", credential, renew, firstPayload } = options;
	const fresh = (): Made => ({ url, identity, socket: new PlainSocket(options), leaving: undefined });
	// State, not a memo: React forgets those at every hot reload.
	let [made, remember] = useState(fresh);
	if (made.url !== url || made.identity !== identity) {
		made = fresh();
		remember(made);
	}
	const { socket } = made;
	useEffect(() => {
		socket.live = { credential, renew, firstPayload };
	});
	useEffect(() => {
		clearTimeout(made.leaving);
		socket.open();
		return () => {
			made.leaving = setTimeout(() => socket.close()); // a tick later, so that a remount keeps it
		};
	}, [made, socket]);
	const snapshot = useSyncExternalStore(socket.subscribe, socket.snapshot, socket.snapshot);
	return useMemo(
		() => ({ ...snapshot, send: (text: string) => socket.send(text), retry: socket.retry }),
		[snapshot, socket],
	);
}
