import { kept } from "../kept";

const name = (userId: string) => `yodel:${userId}:room`;

/** The room that somebody had open last in this browser. */
export function lastRoom(userId: string): string | null {
	return kept.getItem(name(userId));
}

export function rememberRoom(userId: string, roomId: string): void {
	kept.setItem(name(userId), roomId);
}
