import { useCallback, useEffect, useState } from "react";
import type { Kept } from "../../../../contract/realtime.gen";
import { useRpc } from "../../../lib/yodel";

interface Props {
	roomId: string;
	/** Another value reads the list again. */
	changes: unknown;
}

/** Who was invited and has not answered. */
export function InvitedPeople({ roomId, changes }: Props) {
	const { call: list } = useRpc("room.invited");
	const { call: uninvite, error } = useRpc("room.uninvite");
	return (
		<KeptPeople
			title="Invited"
			verb="Take back"
			spoken="Take back the invitation of"
			{...{ roomId, changes, list, problem: error?.message, end: uninvite }}
		/>
	);
}

/** Who was banned, for those who may lift that. */
export function BannedPeople({ roomId, changes }: Props) {
	const { call: list } = useRpc("room.banned");
	const { call: unban, error } = useRpc("room.unban");
	return (
		<KeptPeople
			title="Banned"
			verb="Lift the ban"
			spoken="Lift the ban of"
			{...{ roomId, changes, list, problem: error?.message, end: unban }}
		/>
	);
}

interface ListProps extends Props {
	title: string;
	verb: string;
	spoken: string;
	problem: string | undefined;
	list: (page: { room_id: string; limit: number }, signal?: AbortSignal) => Promise<{ people: Kept[]; more: boolean }>;
	end: (ref: { room_id: string; user_id: string }) => Promise<unknown>;
}

function KeptPeople({ title, verb, spoken, problem, roomId, changes, list, end }: ListProps) {
	const [page, setPage] = useState<{ people: Kept[]; more: boolean }>({ people: [], more: false });
	const read = useCallback(
		(signal?: AbortSignal) =>
			list({ room_id: roomId, limit: 200 }, signal).then(
				setPage,
				() => {}, // the list of before stays; the next change reads again
			),
		[list, roomId],
	);
	useEffect(() => {
		const abort = new AbortController();
		void read(abort.signal);
		return () => abort.abort();
	}, [read, changes]);
	if (page.people.length === 0) return null;
	return (
		<>
			<h2>{title}</h2>
			<ul className="choices kept" aria-label={title}>
				{page.people.map(({ person }) => (
					<li key={person.id}>
						<span className="grow" dir="auto">
							<b>{person.name || person.username}</b> <small>@{person.username}</small>
						</span>
						<button
							type="button"
							aria-label={`${spoken} ${person.username}`}
							onClick={() =>
								end({ room_id: roomId, user_id: person.id }).then(
									() => read(),
									() => {}, // shown below
								)
							}
						>
							{verb}
						</button>
					</li>
				))}
			</ul>
			{page.more && <p className="quiet">These are the first 200.</p>}
			{problem && (
				<p className="problem" role="alert">
					{problem}
				</p>
			)}
		</>
	);
}
