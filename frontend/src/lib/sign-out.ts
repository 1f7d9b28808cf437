import { ApiError, api } from "./api";
import { forgetUnsent } from "./chat/unsent";
import { kept } from "./kept";
import type { Session } from "./session";
import { forgetSignOut, noteSignOut } from "./signed-out-here";

/**
 * Ends the session, then forgets what its user wrote and did not send. Where the server
 * can't be told, the session goes on, and with it the page; it rejects then.
 */
export async function signOut({ user, onSignedOut }: Session): Promise<void> {
	noteSignOut(); // the other tabs hear of the end before this one does
	try {
		await api.logout();
	} catch (error) {
		const ended = error instanceof ApiError && error.status === 401;
		if (!ended) {
			forgetSignOut();
			throw error;
		}
	}
	forgetUnsent(kept, user.id);
	onSignedOut();
}
