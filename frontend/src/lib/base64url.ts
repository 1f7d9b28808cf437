/** Unpadded base64url of a text's UTF-8 bytes (RFC 4648, section 5). */
export function base64url(text: string): string {
	const bytes = String.fromCharCode(...new TextEncoder().encode(text));
	return btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The subprotocol entry that carries a token to the guard. */
export const bearerEntry = (token: string) => `base64url.bearer.yodel.${base64url(token)}`;
