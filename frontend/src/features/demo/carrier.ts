import { type Credential, Refused, type Renewal } from "../../../hooks/plain-socket";
import { ApiError, api } from "../../lib/api";
import { bearerEntry } from "../../lib/base64url";

export type Carrier = "cookie" | "ticket" | "two-step" | "query" | "subprotocol";

export const carriers: { value: Carrier; label: string; how: string }[] = [
	{ value: "cookie", label: "Cookie", how: "The browser sends the login's cookie by itself; the page holds nothing." },
	{
		value: "ticket",
		label: "Ticket",
		how: "A random value for one use travels in the address; the token stays on the server.",
	},
	{
		value: "two-step",
		label: "Ticket, then token",
		how: "A ticket opens the socket, a token in the first message proves who it is.",
	},
	{ value: "query", label: "Query", how: "A token of five minutes travels in the address of the socket." },
	{ value: "subprotocol", label: "Subprotocol", how: "A token of five minutes travels in Sec-WebSocket-Protocol." },
];

export const route = "/ws/demo";

/**
 * The credential of one attempt, fresh each time. Browsers hide why an upgrade
 * was refused, so the login is asked for on the way: signed out means to stop.
 */
export async function credentialFor(carrier: Carrier, signal: AbortSignal): Promise<Credential> {
	try {
		return await fetchFor(carrier, signal);
	} catch (error) {
		throw refusedIfSignedOut(error);
	}
}

async function fetchFor(carrier: Carrier, signal: AbortSignal): Promise<Credential> {
	if (carrier === "cookie") return { expiresAt: await api.fresh() };
	if (carrier === "ticket") {
		const expiresAt = await api.fresh();
		return { query: { ticket: (await api.ticket(route, false, signal)).secret }, expiresAt };
	}
	const token = await api.token(signal);
	if (carrier === "query") return { query: { token: token.secret }, expiresAt: token.expiresAt };
	if (carrier === "subprotocol") return { protocols: [bearerEntry(token.secret)], expiresAt: token.expiresAt };
	const ticket = await api.ticket(route, true, signal);
	return {
		query: { ticket: ticket.secret },
		first: JSON.stringify({ type: "authenticate", token: token.secret }),
		expiresAt: token.expiresAt,
	};
}

/** What prolongs an open connection before its token ends. */
export async function renewal(signal: AbortSignal): Promise<Renewal> {
	const token = await api.token(signal);
	return { message: JSON.stringify({ type: "refresh", token: token.secret }), expiresAt: token.expiresAt };
}

function refusedIfSignedOut(error: unknown): unknown {
	return error instanceof ApiError && error.status === 401 ? new Refused("signed out") : error;
}
