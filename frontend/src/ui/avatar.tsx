import type { CSSProperties } from "react";
import type { Person } from "../../contract/realtime.gen";
import { initialOf, tintOf } from "./face";

/** The first letter of somebody, on the colour that they chose or that their id stands for. */
export function Avatar({ person }: { person: Person }) {
	const { hue, deep } = tintOf(person);
	const look = person.colour ? { "data-colour": person.colour } : { style: { "--hue": hue } as CSSProperties };
	return (
		<span className="avatar" data-deep={!person.colour && deep} aria-hidden="true" {...look}>
			{initialOf(person)}
		</span>
	);
}
