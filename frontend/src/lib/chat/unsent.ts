import type { Kept } from "../kept";

/**
 * What somebody wrote and the server does not have yet: drafts by room, and
 * messages on their way. Texts alone, never a credential. Each message has a
 * place of its own, so that two tabs do not write over each other.
 */
export interface Unsent {
	/** Chosen once, when the person presses enter; the server stores the message once for it. */
	key: string;
	roomId: string;
	text: string;
	/** When it was written, in milliseconds since the epoch. */
	at: number;
}

const prefix = (userId: string) => `yodel:${userId}:`;
const outboxPrefix = (userId: string) => `${prefix(userId)}outbox:`;
const draftName = (userId: string, roomId: string) => `${prefix(userId)}draft:${roomId}`;

export function keepUnsent(storage: Kept, userId: string, item: Unsent): void {
	storage.setItem(outboxPrefix(userId) + item.key, JSON.stringify(item));
}

export function dropUnsent(storage: Kept, userId: string, key: string): void {
	storage.removeItem(outboxPrefix(userId) + key);
}

/** Everything that is still to be sent, the oldest first. */
export function readUnsent(storage: Kept, userId: string): Unsent[] {
	return namesIn(storage, outboxPrefix(userId))
		.map((name) => parsed(storage.getItem(name)))
		.filter((item): item is Unsent => typeof item?.text === "string" && typeof item.roomId === "string")
		.sort((a, b) => a.at - b.at);
}

/** What another program wrote under such a name is no message. */
function parsed(value: string | null): Unsent | null {
	try {
		return JSON.parse(value ?? "null") as Unsent | null;
	} catch {
		return null;
	}
}

export function readDraft(storage: Kept, userId: string, roomId: string): string {
	return storage.getItem(draftName(userId, roomId)) ?? "";
}

export function keepDraft(storage: Kept, userId: string, roomId: string, text: string): void {
	const name = draftName(userId, roomId);
	if (text === "") storage.removeItem(name);
	else storage.setItem(name, text);
}

/** Leaves nothing of a person behind, as at the end of a session on somebody else's machine. */
export function forgetUnsent(storage: Kept, userId: string): void {
	for (const name of namesIn(storage, prefix(userId))) storage.removeItem(name);
}

function namesIn(storage: Kept, start: string): string[] {
	return storage.names().filter((name) => name.startsWith(start));
}
