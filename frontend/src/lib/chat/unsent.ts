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

/** A full or forbidden storage costs the survival of a reload, not the message. */
function quietly<T>(work: () => T, otherwise: T): T {
	try {
		return work();
	} catch {
		return otherwise;
	}
}

export function keepUnsent(storage: Storage, userId: string, item: Unsent): void {
	quietly(() => storage.setItem(outboxPrefix(userId) + item.key, JSON.stringify(item)), undefined);
}

export function dropUnsent(storage: Storage, userId: string, key: string): void {
	quietly(() => storage.removeItem(outboxPrefix(userId) + key), undefined);
}

/** Everything that is still to be sent, the oldest first. */
export function readUnsent(storage: Storage, userId: string): Unsent[] {
	return quietly(() => namesIn(storage, outboxPrefix(userId)), [])
		.map((name) => quietly(() => JSON.parse(storage.getItem(name) ?? "null") as Unsent | null, null))
		.filter((item): item is Unsent => typeof item?.text === "string" && typeof item.roomId === "string")
		.sort((a, b) => a.at - b.at);
}

export function readDraft(storage: Storage, userId: string, roomId: string): string {
	return quietly(() => storage.getItem(draftName(userId, roomId)) ?? "", "");
}

export function keepDraft(storage: Storage, userId: string, roomId: string, text: string): void {
	const name = draftName(userId, roomId);
	quietly(() => (text === "" ? storage.removeItem(name) : storage.setItem(name, text)), undefined);
}

/** Leaves nothing of a person behind, as at the end of a session on somebody else's machine. */
export function forgetUnsent(storage: Storage, userId: string): void {
	quietly(() => {
		for (const name of namesIn(storage, prefix(userId))) storage.removeItem(name);
	}, undefined);
}

function namesIn(storage: Storage, start: string): string[] {
	return Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? "").filter((name) =>
		name.startsWith(start),
	);
}
