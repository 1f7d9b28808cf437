import { api } from "./api";
import { forgetUnsent } from "./chat/unsent";
import type { Session } from "./session";
import { noteSignOut } from "./signed-out-here";

/** Ends the session, and forgets what its user wrote and did not send. */
export function signOut({ user, onSignedOut }: Session): void {
	forgetUnsent(localStorage, user.id);
	noteSignOut();
	api.logout().finally(onSignedOut);
}
