import { useCallback, useEffect, useState } from "react";
import { api } from "../../lib/api";
import type { Announcement } from "../../lib/chat/events";
import { useSession } from "../../lib/session";
import { useBroadcast, useConnection } from "../../lib/yodel";
import { keepPutAway, wasPutAway } from "./put-away";

/** The latest announcement that this person has not put away, and the way to do so. */
export function useAnnouncement(): [Announcement | null, () => void] {
	const { user } = useSession();
	const { state } = useConnection();
	const [told, setTold] = useState<Announcement | null>(null);
	const hear = useCallback(
		(next: Announcement) => setTold((known) => (wasPutAway(user.id, next.id) || isOlder(next, known) ? known : next)),
		[user.id],
	);
	// Announcements are not kept for who was away: each return asks for the latest.
	useEffect(() => {
		if (state !== "live") return;
		const abort = new AbortController();
		api.announcement(abort.signal).then(
			({ announcement }) => announcement && hear(announcement),
			() => {}, // the next return asks again
		);
		return () => abort.abort();
	}, [state, hear]);
	useBroadcast((message) => hear(message.announcement));
	const putAway = useCallback(() => {
		setTold((known) => {
			if (known) keepPutAway(user.id, known.id);
			return null;
		});
	}, [user.id]);
	return [told, putAway];
}

function isOlder(one: Announcement, than: Announcement | null): boolean {
	return than !== null && Date.parse(one.sent_at) < Date.parse(than.sent_at);
}
