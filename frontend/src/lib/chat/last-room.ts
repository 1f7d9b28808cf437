const name = (userId: string) => `yodel:${userId}:room`;

/** The room that somebody had open last in this browser. */
export function lastRoom(userId: string): string | null {
	try {
		return localStorage.getItem(name(userId));
	} catch {
		return null;
	}
}

export function rememberRoom(userId: string, roomId: string): void {
	try {
		localStorage.setItem(name(userId), roomId);
	} catch {
		// without storage the first room opens
	}
}
