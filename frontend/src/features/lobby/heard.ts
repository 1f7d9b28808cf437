import type { Publication } from "yodel-react";
import type { Said } from "./said";

/** What was heard, and whether all of it came once and in order. */
export interface Heard {
	/** The latest, in order. */
	said: readonly Said[];
	/** How many came in all. */
	count: number;
	/** How many did not follow the one before them. */
	faults: number;
}

export const nothing: Heard = { said: [], count: 0, faults: 0 };

const shown = 500;

/** Takes one more into what was heard. */
export function hear(heard: Heard, { data, offset = 0 }: Publication<Omit<Said, "offset">>): Heard {
	const last = heard.said.at(-1)?.offset ?? offset - 1;
	return {
		said: [...heard.said.slice(1 - shown), { ...data, offset }],
		count: heard.count + 1,
		faults: heard.faults + (offset === last + 1 ? 0 : 1),
	};
}
