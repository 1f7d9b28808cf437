import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useState } from "react";
import type { Person } from "../../../contract/realtime.gen";
import { useChat } from "../../lib/chat/chat";
import { useOnline } from "../../lib/chat/use-online";
import { useSession } from "../../lib/session";
import { useRpc } from "../../lib/yodel";
import { Avatar } from "../../ui/avatar";
import { moveFocus } from "../../ui/move-focus";
import { BlockButton } from "./block-button";

/** Everybody, and the way to write to somebody. */
export function PeoplePage() {
	const { user } = useSession();
	const [query, setQuery] = useState("");
	const [people, setPeople] = useState<readonly Person[] | null>(null);
	const [more, setMore] = useState(false);
	const { call: list, error: unread } = useRpc("people.list");
	const { call: direct, error } = useRpc("room.direct");
	const { dispatch, contacts } = useChat();
	const { blocked } = contacts;
	const navigate = useNavigate();
	const online = useOnline(people ?? []);
	useEffect(() => {
		const abort = new AbortController();
		list({ query, limit: 100 }, abort.signal).then(
			(answer) => {
				setPeople(answer.people);
				setMore(answer.more);
			},
			() => {}, // the page shows the error
		);
		return () => abort.abort();
	}, [list, query]);
	async function write(person: Person) {
		try {
			const room = await direct({ user_id: person.id });
			dispatch({ type: "known", room });
			await navigate({ to: "/rooms/$roomId", params: { roomId: room.id } });
		} catch {
			// the page shows the error
		}
	}
	const problem = error ?? unread;
	return (
		<div className="page">
			<h1>People</h1>
			<input
				aria-label="Search people"
				placeholder="A name, or a part of it"
				value={query}
				onChange={(event) => setQuery(event.target.value)}
			/>
			{problem && (
				<p className="problem" role="alert">
					{problem.message}
				</p>
			)}
			{people?.length === 0 && <p className="quiet">Nobody has such a name. Try a part of it.</p>}
			<ul className="choices" onKeyDown={(event: KeyboardEvent) => moveFocus(event, "button")}>
				{people?.map((person) => (
					<li key={person.id}>
						<span className="face">
							<Avatar person={person} />
							<span className="presence" data-online={online.has(person.id)} aria-hidden="true" />
						</span>
						<span className="grow" dir="auto">
							<b>{person.name || person.username}</b> <small>@{person.username}</small> <small>{person.status}</small>
							<span className="hidden">{online.has(person.id) ? "online" : "away"}</span>
						</span>
						{person.id !== user.id && (
							<>
								{!blocked.has(person.id) && (
									<button type="button" onClick={() => write(person)} aria-label={`Write to ${person.username}`}>
										Write
									</button>
								)}
								<BlockButton person={person} />
							</>
						)}
					</li>
				))}
			</ul>
			{more && <p className="quiet">There are more. Search for a name.</p>}
		</div>
	);
}
