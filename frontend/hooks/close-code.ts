/**
 * Whether a client stays away after this close code: 3500 to 3999 and 4500 to
 * 4999 in Centrifugo's protocol, and 1009, after which the same message would
 * fail again.
 *
 * @example
 * ```ts
 * isTerminal(3001); // false: the server restarts, come back
 * isTerminal(3503); // true: signed out
 * ```
 */
export function isTerminal(code: number): boolean {
	return code === 1009 || (code >= 3500 && code < 4000) || (code >= 4500 && code < 5000);
}

const meanings: Record<number, string> = {
	1000: "The connection was closed in good order.",
	1001: "The page or the server went away.",
	1005: "The connection was closed without a code.",
	1006: "The connection was lost, or the server refused to open it.",
	1007: "A message was not UTF-8.",
	1009: "A message was too long for the server.",
	3001: "The server is shutting down or restarting.",
	3004: "Something went wrong on the server.",
	3005: "The login behind the connection has ended.",
	3006: "The permission for a channel has ended.",
	3008: "This client read too slowly.",
	3010: "The server noticed that something was missed.",
	3011: "The server asks to come back by another way.",
	3012: "This client did not answer the server's ping.",
	3013: "This client sent too much at once.",
	3014: "The server asks to load everything anew.",
	3500: "The token was not accepted.",
	3501: "The server could not read what this client sent.",
	3502: "The connection did not say in time who it belongs to.",
	3503: "Signed out.",
	3504: "As many connections are open as allowed.",
	3507: "Access was taken away.",
	3508: "The server does not offer what this client asked for.",
	3509: "Too much of what this client sent was wrong.",
};

/**
 * What a close code means, in one English sentence; for developers and logs.
 *
 * @example
 * ```ts
 * describeClose(3008); // "This client read too slowly."
 * ```
 */
export function describeClose(code: number): string {
	return meanings[code] ?? "The server closed the connection for a reason of its own.";
}
