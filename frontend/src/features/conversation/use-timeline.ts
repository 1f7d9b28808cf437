import { type Dispatch, useCallback, useEffect, useReducer, useRef, useState } from "react";
import { useChat } from "../../lib/chat/chat";
import { useSession } from "../../lib/session";
import { mayMend, pauseBefore } from "../../lib/waits";
import { useChannel, useConnection, useRpc } from "../../lib/yodel";
import { isBehind, needsLatest, type Timeline, type TimelineAction, timelineReducer, unread } from "./timeline";

export interface UseTimeline {
	timeline: Timeline;
	dispatch: Dispatch<TimelineAction>;
	/** Reads the page before; once at a time. */
	loadOlder: () => void;
	/** Whether the channel was taken away or refused. */
	refused: boolean;
	/** Whether what was missed is being read. */
	catchingUp: boolean;
	/** Why messages could not be read; empty where they could. */
	problem: string;
	retry: () => void;
}

/** The messages of a room: read from the server, kept up by its channel, filled where something is missing. */
export function useTimeline(roomId: string): UseTimeline {
	const { user } = useSession();
	const [timeline, dispatch] = useReducer(timelineReducer, unread);
	const [problem, setProblem] = useState("");
	const [attempt, setAttempt] = useState(0);
	const [asked, setAsked] = useState(false);
	const { store: rooms } = useChat();
	const { call: history } = useRpc("room.history");
	const { call: sync } = useRpc("room.sync");
	const { state: connection } = useConnection();
	const { state, gaps } = useChannel(`room:${roomId}`, {
		onPublication: ({ data }) => dispatch({ type: "event", event: data, me: user.id }),
	});
	const failures = useRef(0);
	const failed = useCallback((error: Error) => {
		if (error.name !== "AbortError") setProblem("The messages could not be read.");
	}, []);
	const latest = useRef(timeline);
	latest.current = timeline;
	const loaded = timeline.messages !== null;
	const behind = isBehind(timeline);
	/** What was asked for last, and came: another reason, or another hole, asks again. */
	const cause = [roomId, gaps, attempt].join();
	const answered = useRef("");

	useEffect(() => {
		if (state !== "live" || connection !== "live") {
			answered.current = "";
			return;
		}
		if (answered.current === cause && !behind) {
			setAsked(false);
			return;
		}
		const abort = new AbortController();
		let timer: ReturnType<typeof setTimeout> | undefined;
		setAsked(true);
		const fill = async () => {
			const { seq } = latest.current;
			if (needsLatest(latest.current)) {
				const page = await history({ room_id: roomId }, abort.signal);
				answered.current = cause;
				dispatch({ type: "latest", page });
				return;
			}
			const answer = await sync({ room_id: roomId, since: seq }, abort.signal);
			answered.current = cause;
			dispatch({ type: "synced", sync: answer });
			rooms.dispatch({ type: "synced", room: answer.room });
		};
		const filled = () => {
			failures.current = 0;
			setProblem("");
		};
		fill()
			.then(filled, (error: Error) => {
				failed(error);
				if (abort.signal.aborted || !mayMend(error)) return;
				timer = setTimeout(() => setAttempt((count) => count + 1), pauseBefore(failures.current++));
			})
			.finally(() => !abort.signal.aborted && setAsked(false));
		return () => {
			abort.abort();
			clearTimeout(timer);
		};
	}, [state, connection, cause, behind && timeline.seq, roomId, sync, history, failed, rooms]);

	const asking = useRef(false);
	const loadOlder = useCallback(() => {
		const first = latest.current.messages?.[0];
		if (!first || !latest.current.hasBefore || asking.current) return;
		asking.current = true;
		history({ room_id: roomId, before: first.number })
			.then((page) => dispatch({ type: "older", page }), failed)
			.finally(() => {
				asking.current = false;
			});
	}, [history, roomId, failed]);
	const retry = useCallback(() => {
		setProblem("");
		setAttempt((count) => count + 1);
	}, []);
	const refused = state === "refused";
	const catchingUp = asked && loaded;
	return { timeline, dispatch, loadOlder, refused, catchingUp, problem: loaded ? "" : problem, retry };
}
