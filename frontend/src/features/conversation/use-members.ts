import { useEffect, useMemo, useState } from "react";
import type { Member, MyRoom, Person } from "../../../contract/realtime.gen";
import { useChannel, useConnection, useRpc } from "../../lib/yodel";

export interface Members {
	members: readonly Member[];
	people: readonly Person[];
	/** Whether there are more than were read. */
	more: boolean;
}

/** Who is in a room; read again when somebody comes, goes or has another role. */
export function useMembers(room: MyRoom): Members {
	const { call: list } = useRpc("room.members");
	const { state } = useConnection();
	const { value: changes, gaps } = useChannel(`room:${room.id}`, {
		initial: 0,
		reduce: (count, { data }) => (data.type.startsWith("member.") ? count + 1 : count),
	});
	const [{ members, more }, setPage] = useState<{ members: Member[]; more: boolean }>({ members: [], more: false });
	useEffect(() => {
		if (state !== "live") return;
		const abort = new AbortController();
		list({ room_id: room.id, limit: 200 }, abort.signal).then(
			setPage,
			() => {}, // the list of before stays; the next event or connection reads again
		);
		return () => abort.abort();
	}, [list, room.id, state, changes, gaps, room.members]);
	const people = useMemo(() => members.map(({ person }) => person), [members]);
	return { members, people, more };
}
