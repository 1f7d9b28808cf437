import { useEffect, useRef, useSyncExternalStore } from "react";
import type { MyRoom } from "../../../contract/realtime.gen";
import { useReading } from "../../lib/chat/use-reading";
import { useConnection, useRpc } from "../../lib/yodel";
import type { Timeline } from "./timeline";

function watchPage(listener: () => void): () => void {
	document.addEventListener("visibilitychange", listener);
	return () => document.removeEventListener("visibilitychange", listener);
}

/** Marks a room as read up to the newest message, while somebody looks at its end. */
export function useReadMarker(room: MyRoom, timeline: Timeline, atEnd: boolean): void {
	const { call: mark } = useRpc("read.mark");
	const { state } = useConnection();
	const visible = useSyncExternalStore(watchPage, () => document.visibilityState === "visible");
	const number = timeline.messages?.at(-1)?.number ?? 0;
	const reads = visible && atEnd && number > 0;
	const marked = useRef(0);
	const { id, read_number, unread } = room;
	useReading(id, reads);
	useEffect(() => {
		if (state !== "live" || !reads) return;
		if (unread === 0 && read_number >= number) return;
		if (marked.current >= number) return;
		marked.current = number;
		mark({ room_id: id, number }).catch(() => {
			marked.current = 0; // the next message, or the next return of the connection, marks again
		});
	}, [state, reads, number, unread, read_number, id, mark]);
}
