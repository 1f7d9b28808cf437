import { useEffect, useMemo, useSyncExternalStore } from "react";
import { type Live, PlainSocket, type PlainSocketOptions, type Snapshot } from "./plain-socket";

export interface UsePlainSocket extends Snapshot {
	/** Sends text and returns whether the connection took it. */
	send: (text: string) => boolean;
	/** Tries again now. */
	retry: () => void;
}

/**
 * Connects a component to a plain socket for as long as it is mounted.
 *
 * Only `url` and `identity` decide which connection it is; callbacks may be new
 * at every render and never disturb it.
 */
export function usePlainSocket(options: PlainSocketOptions & Live & { identity?: string }): UsePlainSocket {
	const { url, identity = "", credential, renew, firstPayload } = options;
	// url and identity alone make another connection
	const socket = useMemo(() => new PlainSocket(options), [url, identity]);
	useEffect(() => {
		socket.live = { credential, renew, firstPayload };
	});
	useEffect(() => {
		socket.open();
		return () => socket.close();
	}, [socket]);
	const snapshot = useSyncExternalStore(socket.subscribe, socket.snapshot, socket.snapshot);
	return useMemo(
		() => ({ ...snapshot, send: (text: string) => socket.send(text), retry: socket.retry }),
		[snapshot, socket],
	);
}
