import type { UseEphemeral } from "yodel-react";
import type { Composing } from "../../../contract/realtime.gen";

type Others = UseEphemeral<Composing>["others"];

/** Who of the others types at the moment. */
export function Typing({ others }: { others: Others }) {
	const names = others
		.filter(({ data }) => data.typing)
		.map(({ member }) => (member.connInfo as { username?: string } | null)?.username ?? member.user);
	const people = [...new Set(names)].sort();
	return (
		<p className="typing" role="status" aria-label="Typing">
			{people.length > 0 && `${people.join(", ")} ${people.length > 1 ? "are" : "is"} typing…`}
		</p>
	);
}
