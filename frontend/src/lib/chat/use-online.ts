import { useEffect, useMemo, useState } from "react";
import { useChannel, useConnection, usePresence, useRpc } from "../yodel";

/** Milliseconds between two questions, where there is no presence to follow. */
const pause = 30_000;

/** How many can be asked for at once. */
const most = 100;

/** The ids of those who are connected. Only those in `people` are asked for where too many are connected to list them all. */
export function useOnline(people: readonly { id: string }[]): ReadonlySet<string> {
	const { members } = usePresence("presence");
	const refused = useChannel("presence").state === "refused";
	const asked = useAsked(people, refused);
	return useMemo(() => (refused ? asked : new Set(members.map(({ user }) => user))), [refused, asked, members]);
}

const nobody: ReadonlySet<string> = new Set();

function useAsked(people: readonly { id: string }[], needed: boolean): ReadonlySet<string> {
	const { call: ask } = useRpc("people.online");
	const { state } = useConnection();
	const [online, setOnline] = useState(nobody);
	const ids = people
		.slice(0, most)
		.map(({ id }) => id)
		.join(" ");
	useEffect(() => {
		if (!needed || state !== "live" || ids === "") return;
		const abort = new AbortController();
		let timer: ReturnType<typeof setTimeout> | undefined;
		const look = () =>
			ask({ user_ids: ids.split(" ") }, abort.signal)
				.then(
					({ user_ids }) => setOnline(new Set(user_ids)),
					() => {}, // what was known stays until the next question
				)
				.then(() => {
					if (!abort.signal.aborted) timer = setTimeout(look, pause);
				});
		void look();
		return () => {
			abort.abort();
			clearTimeout(timer);
		};
	}, [needed, state, ids, ask]);
	return online;
}
