/** The actions of the audit log, in words. */
export const actions: Record<string, string> = {
	"login.accepted": "Signed in",
	"login.refused": "Sign-in refused",
	logout: "Signed out",
	"session.revoked": "Session revoked",
	"refresh.reused": "Refresh token came twice",
	"password.changed": "Password changed",
	"account.registered": "Account made",
	"account.role": "Role changed",
	"account.disabled": "Account disabled",
	"account.enabled": "Account enabled",
	"invitation.made": "Invitation made",
	"invitation.ended": "Invitation withdrawn",
	"connections.ended": "Connections ended",
	"room.banned": "Banned from a room",
	"room.unbanned": "Ban from a room lifted",
};

/** An action in words; one that this page does not know yet as it is. */
export function wordsFor(action: string): string {
	return actions[action] ?? action;
}
