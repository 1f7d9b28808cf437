import { useEffect } from "react";
import { useChat } from "./chat";

/** Milliseconds for which a list that is no longer at its end still counts so: rows come in faster than it scrolls. */
const linger = 500;

/** Tells the rail that somebody looks at a room's end, where nothing that comes in counts as unread. */
export function useReading(roomId: string, reads: boolean): void {
	const { store } = useChat();
	useEffect(() => {
		if (reads) {
			store.read(roomId);
			return;
		}
		const timer = setTimeout(() => store.leave(roomId), linger);
		return () => clearTimeout(timer);
	}, [roomId, reads, store]);
	useEffect(() => () => store.leave(roomId), [roomId, store]);
}
