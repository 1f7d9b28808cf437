import { type Dispatch, useEffect } from "react";
import type { Waiting } from "../../lib/chat/outbox";
import { useOutbox } from "../../lib/chat/outbox-context";
import type { Timeline, TimelineAction } from "./timeline";

/** Moves what the server has stored from the outbox into the timeline, without a moment in which it is in neither. */
export function useSettled(timeline: Timeline, waiting: readonly Waiting[], dispatch: Dispatch<TimelineAction>): void {
	const { discard } = useOutbox();
	const { messages } = timeline;
	useEffect(() => {
		if (!messages || waiting.length === 0) return;
		const last = messages.at(-1)?.number ?? 0;
		const keys = new Set(messages.map(({ key }) => key));
		for (const { key, stored } of waiting) {
			if (keys.has(key) || (stored && stored.number <= last)) discard(key);
			else if (stored) dispatch({ type: "answered", message: stored });
		}
	}, [messages, waiting, discard, dispatch]);
}
