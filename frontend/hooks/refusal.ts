/**
 * Why a connection was refused for good.
 *
 * - `signed-out`: nobody is signed in, or the login has ended
 * - `revoked`: this session was ended elsewhere
 * - `forbidden`: signed in, but not allowed
 * - `limit`: as many connections or channels as allowed
 * - `blocked`: the server answers, yet every attempt to open a socket fails
 * - `protocol`: client and server do not understand each other
 */
export type RefusalReason = "signed-out" | "revoked" | "forbidden" | "limit" | "blocked" | "protocol";

/** What a person can do about a refusal: sign in, try again, load the page anew, or nothing. */
export type Remedy = "sign-in" | "retry" | "reload" | "none";

/** A refusal as a screen can show it. */
export interface Refusal {
	reason: RefusalReason;
	remedy: Remedy;
	/** The close or error code behind it (Centrifugo's protocol), or the HTTP status of the probe; 0 for none. */
	code: number;
	/** What the server said, for developers; not a sentence for people. */
	message: string;
}

const remedies: Record<RefusalReason, Remedy> = {
	"signed-out": "sign-in",
	revoked: "sign-in",
	forbidden: "none",
	limit: "retry",
	blocked: "retry",
	protocol: "reload",
};

/**
 * Throw it where a credential is made, to give up: asking again would not help.
 *
 * @example
 * ```ts
 * token(async () => {
 * 	if (!session) throw new Refused("nobody is signed in");
 * 	return session.token;
 * });
 * ```
 */
export class Refused extends Error {
	override name = "Refused";
	constructor(
		message: string,
		readonly reason: RefusalReason = "signed-out",
		readonly code = 0,
	) {
		super(message);
	}
}

/** The refusal that a code stands for: a close code, an error of `connect`, or an HTTP status. */
export function refusalOf(
	code: number,
	message: string,
	reason: RefusalReason = reasons[code] ?? (code < 4500 ? "protocol" : "forbidden"),
): Refusal {
	return { reason, remedy: remedies[reason], code, message };
}

const reasons: Record<number, RefusalReason> = {
	101: "signed-out",
	401: "signed-out",
	3500: "signed-out",
	3503: "revoked",
	103: "forbidden",
	403: "forbidden",
	3507: "forbidden",
	106: "limit",
	3504: "limit",
};

/**
 * Whether an error says to give up: anything with a reason of {@link Refused}, which one of
 * another copy of this module is too, or with the HTTP status 401 or 403. Null for errors
 * that another attempt may mend.
 */
export function refusalIn(error: unknown): Refusal | null {
	const { status, code = 0, statusText, message = statusText ?? "", reason } = Object(error);
	if (reason in remedies) return refusalOf(code, message, reason);
	return status in reasons ? refusalOf(status, message) : null;
}
