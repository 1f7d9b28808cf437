import type { Person } from "../../contract/realtime.gen";

/** The colours of people, as the server knows them; `avatar.css` says how each looks. */
export const colours = ["red", "orange", "yellow", "green", "teal", "blue", "violet", "pink"] as const;

/** Hues apart enough to be told from each other. */
const hues = 24;

/** How a face looks that nobody chose: a hue in degrees, and whether the letter is light on dark or dark on light. */
export interface Tint {
	hue: number;
	deep: boolean;
}

/** Of 48 tints the one that is somebody's everywhere because of their id. */
export function tintOf({ id }: Pick<Person, "id">): Tint {
	let hash = 0x811c9dc5; // FNV-1a, then mixed, for ids differ in their last letters
	for (const letter of id) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	const chosen = ((hash ^ (hash >>> 13)) >>> 0) % (2 * hues);
	return { hue: (chosen >> 1) * (360 / hues), deep: chosen % 2 === 1 };
}

const letters = new Intl.Segmenter();

/** What stands for somebody in little space: the first letter of their name, or the whole emoji. */
export function initialOf({ name, username }: Person): string {
	const [first] = letters.segment(name || username);
	return first?.segment.toUpperCase() ?? "";
}
