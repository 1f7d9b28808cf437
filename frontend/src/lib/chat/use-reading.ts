import { useEffect } from "react";
import { useChat } from "./chat";

/** Milliseconds for which a list that is no longer at its end still counts so: rows come in faster than it scrolls. */
const linger = 500;

/** Tells the rail that somebody looks at a room's end, where nothing that comes in counts as unread. */
export function useReading(roomId: string, reads: boolean): void {
	const { setReading } = useChat();
	useEffect(() => {
		if (reads) {
			setReading(roomId);
			return;
		}
		const timer = setTimeout(() => setReading((now) => (now === roomId ? null : now)), linger);
		return () => clearTimeout(timer);
	}, [roomId, reads, setReading]);
	useEffect(() => () => setReading((now) => (now === roomId ? null : now)), [roomId, setReading]);
}
