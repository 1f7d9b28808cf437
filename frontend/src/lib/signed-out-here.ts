const name = "yodel:signed-out";

/**
 * Whether the last sign-out was made in this browser, so that its other tabs
 * don't blame another device.
 */
export function wasSignedOutHere(): boolean {
	try {
		return localStorage.getItem(name) !== null;
	} catch {
		return false;
	}
}

export function noteSignOut(): void {
	try {
		localStorage.setItem(name, "here");
	} catch {
		// without storage the other tabs name no place
	}
}

export function forgetSignOut(): void {
	try {
		localStorage.removeItem(name);
	} catch {
		// without storage there is nothing to forget
	}
}
