import { kept } from "../../lib/kept";

const name = (userId: string) => `yodel:${userId}:announcement`;

/** Whether somebody has put an announcement away in this browser. */
export function wasPutAway(userId: string, announcementId: string): boolean {
	return kept.getItem(name(userId)) === announcementId;
}

export function keepPutAway(userId: string, announcementId: string): void {
	kept.setItem(name(userId), announcementId);
}
