import { outsideCode } from "./outside-code";

/** The beginning of a name behind an @, where somebody is writing one. */
export interface MentionStart {
	/** Where the @ stands. */
	from: number;
	to: number;
	query: string;
}

const longestName = 32;

/**
 * The usernames that may be meant by each @ outside of code, the longest first: a name may end with the sign that
 * ends a sentence. The server tells the first of each that is in the room; `namesIn` in `app/chat` is its twin, and
 * `app/chat/testdata/mentions.json` is run over both.
 */
export function namesIn(text: string): string[][] {
	const found = outsideCode(text).matchAll(/(?<![\p{L}\p{N}@._/-])@([A-Za-z0-9][A-Za-z0-9._-]*)(?![\p{L}\p{N}._-])/gu);
	const runs = [...found].map(([, run = ""]) => run.toLowerCase());
	return [...new Set(runs)].map(readings).filter((names) => names.length > 0);
}

/** A run of letters, and what it is without the signs at its end. */
function readings(run: string): string[] {
	const bare = run.replace(/[._-]+$/, "").length;
	return Array.from({ length: run.length - bare + 1 }, (_, signs) => run.slice(0, run.length - signs)).filter(
		({ length }) => length <= longestName,
	);
}

/** The mention that the cursor stands in or behind; null for none, also where nobody would be told of it. */
export function mentionAt(text: string, cursor: number): MentionStart | null {
	const before = text.slice(0, cursor);
	const query = /(?<![\p{L}\p{N}@._/-])@([\p{L}\p{N}._-]*)$/u.exec(before)?.[1];
	if (query === undefined) return null;
	const from = cursor - query.length - 1;
	const probe = "yodel.probe";
	const told = namesIn(`${text.slice(0, from)}@${probe} ${text.slice(cursor)}`).some(([name]) => name === probe);
	return told ? { from, to: cursor, query } : null;
}

/** The text with the name written out, and where the cursor goes. */
export function complete(text: string, { from, to }: MentionStart, username: string): { text: string; cursor: number } {
	const before = `${text.slice(0, from)}@${username} `;
	return { text: before + text.slice(to).replace(/^ /, ""), cursor: before.length };
}
