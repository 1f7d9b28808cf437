import { kept } from "./kept";

const name = "yodel:signed-out";

/**
 * Whether the last sign-out was made in this browser, so that its other tabs
 * don't blame another device.
 */
export function wasSignedOutHere(): boolean {
	return kept.getItem(name) !== null;
}

export function noteSignOut(): void {
	kept.setItem(name, "here");
}

export function forgetSignOut(): void {
	kept.removeItem(name);
}
