import type { Person } from "../../../contract/realtime.gen";
import { useChatState } from "../../lib/chat/chat";
import { Avatar } from "../../ui/avatar";
import { BlockButton } from "../../ui/block-button";
import "../../styles/settings.css";

/** Whom one has blocked, and the way back. */
export function BlockedPage() {
	const blocked = useChatState(({ contacts }) => contacts.blocked);
	const people = [...blocked.values()].sort((a, b) => a.username.localeCompare(b.username));
	return (
		<section className="settings" aria-labelledby="blocked-title">
			<h1 id="blocked-title">Blocked people</h1>
			<p className="lead">They can't write to you, invite you or mention you. You block somebody on the page People.</p>
			{people.length === 0 && <p className="quiet">You have blocked nobody.</p>}
			<ul className="devices" aria-label="Blocked people">
				{people.map((person) => (
					<Blocked key={person.id} person={person} />
				))}
			</ul>
		</section>
	);
}

function Blocked({ person }: { person: Person }) {
	return (
		<li>
			<div className="device-name">
				<Avatar person={person} />
				<span dir="auto">
					<b>{person.name || person.username}</b> <small className="quiet">@{person.username}</small>
				</span>
			</div>
			<BlockButton person={person} />
		</li>
	);
}
