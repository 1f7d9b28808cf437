import { type Credential, Refused } from "../../../hooks/plain-socket";
import { ApiError, api } from "../../lib/api";

export type Carrier = "cookie" | "query" | "subprotocol";

export const carriers: { value: Carrier; label: string; how: string }[] = [
	{ value: "cookie", label: "Cookie", how: "The browser sends the login's cookie by itself; the page holds nothing." },
	{ value: "query", label: "Query", how: "A token of five minutes travels in the address of the socket." },
	{ value: "subprotocol", label: "Subprotocol", how: "A token of five minutes travels in Sec-WebSocket-Protocol." },
];

/**
 * The credential of one attempt. Browsers hide why an upgrade was refused, so
 * after a failure the login is asked for first: signed out means to stop.
 */
export async function credentialFor(carrier: Carrier, failures: number, signal: AbortSignal): Promise<Credential> {
	try {
		if (carrier === "cookie") {
			if (failures > 0) await api.me(signal);
			return {};
		}
		const { token } = await api.token(signal);
		return carrier === "query" ? { query: { token } } : { protocols: [`base64url.bearer.yodel.${base64url(token)}`] };
	} catch (error) {
		if (error instanceof ApiError && error.status === 401) throw new Refused("signed out");
		throw error;
	}
}

function base64url(text: string): string {
	const bytes = String.fromCharCode(...new TextEncoder().encode(text));
	return btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
