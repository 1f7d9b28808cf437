/** The beginning of a name behind an @, where somebody is writing one. */
export interface MentionStart {
	/** Where the @ stands. */
	from: number;
	to: number;
	query: string;
}

/** The mention that the cursor stands in or behind; null for none. */
export function mentionAt(text: string, cursor: number): MentionStart | null {
	const found = /(?:^|\s)@([\p{L}\p{N}._-]*)$/u.exec(text.slice(0, cursor));
	if (!found) return null;
	const query = found[1] ?? "";
	return { from: cursor - query.length - 1, to: cursor, query };
}

/** The text with the name written out, and where the cursor goes. */
export function complete(text: string, { from, to }: MentionStart, username: string): { text: string; cursor: number } {
	const before = `${text.slice(0, from)}@${username} `;
	return { text: before + text.slice(to).replace(/^ /, ""), cursor: before.length };
}
