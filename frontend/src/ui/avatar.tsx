import type { Person } from "../../contract/realtime.gen";
import { colourOf, initialOf } from "./face";

/** The first letter of somebody, on the colour that they chose or that their id stands for. */
export function Avatar({ person }: { person: Person }) {
	return (
		<span className="avatar" data-colour={colourOf(person)} aria-hidden="true">
			{initialOf(person)}
		</span>
	);
}
