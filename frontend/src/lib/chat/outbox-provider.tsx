import { type ReactNode, useCallback, useEffect, useMemo, useSyncExternalStore } from "react";
import { kept } from "../kept";
import { useSession } from "../session";
import { useConnection, useRpc } from "../yodel";
import { newKey } from "./key";
import { Outbox } from "./outbox";
import { OutboxContext } from "./outbox-context";

/** Milliseconds before what was put off for now is tried again on a connection that is live. */
const pause = 2000;

/** One outbox for all rooms: a message goes out even when its room is no longer open. */
export function OutboxProvider({ children }: { children: ReactNode }) {
	const { user } = useSession();
	const { state } = useConnection();
	const { call } = useRpc("message.send");
	const outbox = useMemo(() => new Outbox(user.id, kept), [user.id]);
	const waiting = useSyncExternalStore(outbox.subscribe, outbox.snapshot);
	const flush = useCallback(
		() => outbox.flush(({ key, roomId, text }) => call({ key, room_id: roomId, text })),
		[outbox, call],
	);
	useEffect(() => {
		if (state !== "live") return;
		let timer: ReturnType<typeof setTimeout> | undefined;
		let over = false;
		const run = async () => {
			if ((await flush()) === "later" && !over) timer = setTimeout(run, pause);
		};
		void run();
		return () => {
			over = true;
			clearTimeout(timer);
		};
	}, [state, flush]);
	const value = useMemo(
		() => ({
			waiting,
			send: (roomId: string, text: string) => {
				outbox.add({ key: newKey(), roomId, text, at: Date.now() });
				if (state === "live") void flush();
			},
			retry: (key: string) => {
				outbox.revive(key);
				if (state === "live") void flush();
			},
			discard: (key: string) => outbox.drop(key),
		}),
		[waiting, outbox, flush, state],
	);
	return <OutboxContext value={value}>{children}</OutboxContext>;
}
