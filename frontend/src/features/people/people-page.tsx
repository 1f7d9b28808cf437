import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useCallback, useState } from "react";
import type { Person } from "../../../contract/realtime.gen";
import { useChat, useChatState } from "../../lib/chat/chat";
import { useOnline } from "../../lib/chat/use-online";
import { usePageTitle } from "../../lib/page-title";
import { useSession } from "../../lib/session";
import { useAnswer } from "../../lib/use-answer";
import { useRpc } from "../../lib/yodel";
import { Avatar } from "../../ui/avatar";
import { BlockButton } from "../../ui/block-button";
import { moveFocus } from "../../ui/move-focus";
import { sentenceOf } from "../../ui/sentence";
import { Waiting } from "../../ui/trouble";

const nobody: readonly Person[] = [];

/** Everybody, and the way to write to somebody. */
export function PeoplePage() {
	usePageTitle("People");
	const { user } = useSession();
	const [query, setQuery] = useState("");
	const { call: list } = useRpc("people.list");
	const { call: direct, error } = useRpc("room.direct");
	const { store } = useChat();
	const blocked = useChatState(({ contacts }) => contacts.blocked);
	const navigate = useNavigate();
	const look = useCallback((signal: AbortSignal) => list({ query, limit: 100 }, signal), [list, query]);
	const { data, problem: unread } = useAnswer(look);
	const people = data?.people;
	const online = useOnline(people ?? nobody);
	async function write(person: Person) {
		try {
			const room = await direct({ user_id: person.id });
			store.dispatch({ type: "known", room });
			await navigate({ to: "/rooms/$roomId", params: { roomId: room.id } });
		} catch {
			// the page shows the error
		}
	}
	const problem = error ? sentenceOf(error) : unread;
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
					{problem}
				</p>
			)}
			{!data && !problem && <Waiting />}
			{people?.length === 0 && <p className="quiet">Nobody has such a name. Try a part of it.</p>}
			<ul className="choices" onKeyDown={(event: KeyboardEvent) => moveFocus(event, "button")}>
				{people?.map((person) => (
					<li key={person.id}>
						<span className="face">
							<Avatar person={person} />
							<span className="presence" data-online={online.has(person.id)} aria-hidden="true" />
						</span>
						<span className="grow" dir="auto">
							<b>
								<bdi>{person.name || person.username}</bdi>
							</b>{" "}
							<small dir="ltr">@{person.username}</small> <small dir="auto">{person.status}</small>
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
			{data?.more && <p className="quiet">There are more. Search for a name.</p>}
		</div>
	);
}
