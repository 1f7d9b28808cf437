import type { Person } from "../../../contract/realtime.gen";

interface Props {
	/** What the ids of the list and its people begin with. */
	id: string;
	people: readonly Person[];
	chosen: number;
	onTake: (person: Person) => void;
}

/** People to mention. The text field keeps the focus and takes the keys. */
export function MentionList({ id, people, chosen, onTake }: Props) {
	return (
		<div className="mentions" id={`${id}-people`} role="listbox" aria-label="People to mention">
			{people.map((person, i) => (
				// biome-ignore lint/a11y/useKeyWithClickEvents: the keys work in the text field
				<div
					key={person.id}
					id={`${id}-${person.id}`}
					role="option"
					tabIndex={-1}
					aria-selected={i === chosen}
					onClick={() => onTake(person)}
				>
					<b>@{person.username}</b> <span dir="auto">{person.name}</span>
				</div>
			))}
		</div>
	);
}
