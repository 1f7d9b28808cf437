/**
 * The secret of an invitation, from behind the # of its link, where browsers keep it
 * from servers and their logs; empty where there is none.
 */
export function invitationIn(hash: string): string {
	try {
		return decodeURIComponent(hash.replace(/^#/, "")).trim();
	} catch {
		return "";
	}
}
