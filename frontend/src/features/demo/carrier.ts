import type { Attempt, PlainCredential, Renewal } from "yodel-react";
import { api } from "../../lib/api";
import { type Carrier, credentialsFor } from "../../lib/carriers";

export const route = "/ws/demo";

/** The credential of one attempt; where a token has to follow, it is the first message. */
export async function credentialFor(carrier: Carrier, attempt: Attempt): Promise<PlainCredential> {
	let expiresAt = 0;
	const credentials = credentialsFor(carrier, route, (moment) => {
		expiresAt = moment;
	});
	const { token, ...presented } = await credentials.present(attempt);
	const first = token === undefined ? {} : { first: JSON.stringify({ type: "authenticate", token }) };
	return { ...presented, ...first, expiresAt };
}

/** What prolongs an open connection before its token ends. */
export async function renewal(signal: AbortSignal): Promise<Renewal> {
	const token = await api.token(signal);
	return { message: JSON.stringify({ type: "refresh", token: token.secret }), expiresAt: token.expiresAt };
}
