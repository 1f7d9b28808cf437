import type { Person } from "../../../contract/realtime.gen";
import { BlockButton } from "../../ui/block-button";

/** In the place of the composer, where nothing can be written. */
export function ReadOnly({ archived }: { archived: boolean }) {
	return (
		<p className="closed" role="status" aria-label="Read only">
			<span aria-hidden="true">◇</span>
			{archived
				? "This room was archived. It can be read, and nothing more can be written."
				: "You can't follow this room at the moment, and nothing can be written. Load the page anew to try again."}
		</p>
	);
}

/** In the place of the composer of a direct room with somebody whom one has blocked. */
export function BlockedPartner({ person }: { person: Person }) {
	return (
		<div className="closed closed-by-me" role="status" aria-label="Read only">
			<p>You have blocked {person.name || person.username}. Neither of you can write to the other here.</p>
			<BlockButton person={person} />
		</div>
	);
}
