/**
 * Whether a client stays away after this close code: 3500 to 3999 and 4500 to
 * 4999 in Centrifugo's protocol, and 1009, after which the same message would
 * fail again.
 */
export function isTerminal(code: number): boolean {
	return code === 1009 || (code >= 3500 && code < 4000) || (code >= 4500 && code < 5000);
}
