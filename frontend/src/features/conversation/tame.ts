import { most } from "./length";

/** Quotes, lists and footnotes that may stand in one another at the start of a line. */
const nested = 10;
/** Signs of emphasis and links in one message: they nest too, half as deep at most. */
const marks = 300;
/** Cells of one table: each row has as many as the widest, also where they are left out. */
const cells = 2000;

const container = /(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])|\[\^[^\]\s]{1,99}\]:)[ \t]*/.source;
const tooDeep = new RegExp(`^[ \\t]*(?:${container}){${nested + 1}}`, "m");

/**
 * Whether a text stays shallow and small as markdown, told from its characters alone. What parses and draws it goes
 * into every level and cell, so what is not tame is shown as it was written.
 */
export function isTame(text: string): boolean {
	if (text.length > 2 * most || tooDeep.test(text)) return false;
	if (count(text, /[*_~[]/g) > marks) return false;
	const lines = text.split("\n");
	const widest = lines.reduce((most, line) => Math.max(most, count(line, /\|/g)), 0);
	return widest * lines.length <= cells;
}

function count(text: string, sign: RegExp): number {
	return text.match(sign)?.length ?? 0;
}
