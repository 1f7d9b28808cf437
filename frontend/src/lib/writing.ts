import type { KeyboardEvent } from "react";

/**
 * Whether a key belongs to the composition of a character, as in Japanese. Safari tells of the Enter or Escape that
 * ends one after its end, with no more than the code 229.
 */
export function isComposing({ nativeEvent }: KeyboardEvent): boolean {
	return nativeEvent.isComposing || nativeEvent.keyCode === 229;
}

/**
 * A text as the server takes it: other ends of a line become the usual one, and characters that nobody sees, which
 * come with what is pasted, are left out.
 */
export function writable(text: string): string {
	return text
		.replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, "\n")
		.replace(/[^\P{Cc}\n\t]/gu, "")
		.replace(/\p{Cs}/gu, "\ufffd");
}
