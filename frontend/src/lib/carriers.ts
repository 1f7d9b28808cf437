import { type Credentials, cookie, query, subprotocol, ticket, twoStep } from "yodel-react";
import { api } from "./api";

/** How the login's token may travel to the socket. */
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

/**
 * The credentials of a carrier for a route.
 *
 * @param until told when what is presented ends, in milliseconds since the epoch
 */
export function credentialsFor(
	carrier: Carrier,
	route: string,
	until: (moment: number) => void = () => {},
): Credentials {
	const token = async (signal: AbortSignal) => {
		const { secret, expiresAt } = await api.token(signal);
		until(expiresAt);
		return secret;
	};
	const fresh = async () => until(await api.fresh());
	const mint = (first: boolean) => async (signal: AbortSignal) => {
		await fresh();
		return (await api.ticket(route, first, signal)).secret;
	};
	const options = { renew: token, probe: api.me };
	switch (carrier) {
		case "cookie":
			return cookie({ ...options, fresh });
		case "ticket":
			return ticket(mint(false), options);
		case "two-step":
			return twoStep(mint(true), token, options);
		case "query":
			return query(token, options);
		case "subprotocol":
			return subprotocol(token, options);
	}
}
