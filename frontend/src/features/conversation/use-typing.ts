import { useMemo } from "react";
import { useRpc } from "../../lib/yodel";

/** Milliseconds between two signs of it; they count for 6,000. */
const apart = 2500;

/** Tells the others in a room that one is writing. */
export interface Typing {
	/** A key was pressed: a sign goes out, seldom. */
	goesOn: () => void;
	/** What was written is sent, which ends it for the others: the next key gives a sign at once. */
	over: () => void;
}

export function useTyping(roomId: string): Typing {
	const { call } = useRpc("typing.set");
	return useMemo(() => {
		let latest = -apart;
		return {
			goesOn: () => {
				const now = performance.now();
				if (now - latest < apart) return;
				latest = now;
				call({ room_id: roomId }).catch(() => {}); // nobody misses it for long
			},
			over: () => {
				latest = -apart;
			},
		};
	}, [roomId, call]);
}
