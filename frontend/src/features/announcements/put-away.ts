const name = (userId: string) => `yodel:${userId}:announcement`;

/** Whether somebody has put an announcement away in this browser. */
export function wasPutAway(userId: string, announcementId: string): boolean {
	try {
		return localStorage.getItem(name(userId)) === announcementId;
	} catch {
		return false;
	}
}

export function keepPutAway(userId: string, announcementId: string): void {
	try {
		localStorage.setItem(name(userId), announcementId);
	} catch {
		// without storage it comes back with the next visit
	}
}
