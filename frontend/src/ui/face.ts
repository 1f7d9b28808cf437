import type { Person } from "../../contract/realtime.gen";

/** The colours of people, as the server knows them; `avatar.css` says how each looks. */
export const colours = ["red", "orange", "yellow", "green", "teal", "blue", "violet", "pink"] as const;

/** The colour that somebody chose, else one that is theirs everywhere because of their id. */
export function colourOf({ id, colour }: Person): string {
	if (colour) return colour;
	let hash = 0;
	for (const letter of id) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
	return colours[hash % colours.length] ?? colours[0];
}

const letters = new Intl.Segmenter();

/** What stands for somebody in little space: the first letter of their name, or the whole emoji. */
export function initialOf({ name, username }: Person): string {
	const [first] = letters.segment(name || username);
	return first?.segment.toUpperCase() ?? "";
}
