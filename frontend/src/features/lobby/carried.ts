import { Centrifuge, UnauthorizedError } from "centrifuge";
import { Centrifuge as ProtobufCentrifuge } from "centrifuge/build/protobuf";
import { ApiError, api } from "../../lib/api";
import { bearerEntry } from "../../lib/base64url";

export type Carrier = "cookie" | "ticket" | "two-step" | "query" | "subprotocol";
export type Encoding = "JSON" | "protobuf";

export const carriers: { value: Carrier; label: string }[] = [
	{ value: "cookie", label: "Cookie" },
	{ value: "ticket", label: "Ticket" },
	{ value: "two-step", label: "Ticket, then token" },
	{ value: "query", label: "Query" },
	{ value: "subprotocol", label: "Subprotocol" },
];

const route = "/ws";
const subprotocols: Record<Encoding, string> = { JSON: "centrifuge-json", protobuf: "centrifuge-protobuf" };

/** What one attempt adds to the address and to the subprotocols. */
interface Presented {
	query?: [name: string, secret: string];
	bearer?: string;
}

/** The official client, with a fresh credential for every attempt. */
export function carriedClient(carrier: Carrier, encoding: Encoding): Centrifuge {
	let presented: Presented = {};

	class Carried extends WebSocket {
		constructor(address: string | URL) {
			const url = new URL(address);
			if (presented.query) url.searchParams.set(...presented.query);
			super(url, [subprotocols[encoding], ...(presented.bearer ? [bearerEntry(presented.bearer)] : [])]);
		}
	}

	const url = new URL(route, location.href);
	url.protocol = url.protocol.replace(/^http/, "ws");
	// Both builds have the same public side; their declarations differ in private names alone.
	const Client = encoding === "protobuf" ? (ProtobufCentrifuge as unknown as typeof Centrifuge) : Centrifuge;
	const client: Centrifuge = new Client(url.href, {
		websocket: Carried,
		// Runs before every attempt, which getToken does not.
		getData: async () => {
			presented = await unlessSignedOut(() => present(carrier));
			return null;
		},
		// While connecting, only the second step carries a token; later it prolongs the connection.
		getToken: () =>
			carrier === "two-step" || client.state === "connected"
				? unlessSignedOut(async () => (await api.token()).secret)
				: Promise.resolve(""),
	});
	return client;
}

async function present(carrier: Carrier): Promise<Presented> {
	switch (carrier) {
		case "cookie":
			await api.fresh();
			return {};
		case "ticket":
		case "two-step":
			return { query: ["ticket", (await api.ticket(route, carrier === "two-step")).secret] };
		case "query":
			return { query: ["token", (await api.token()).secret] };
		case "subprotocol":
			return { bearer: (await api.token()).secret };
	}
}

/** Browsers hide the status of a refused upgrade, so the login is asked; signed out means to stop. */
async function unlessSignedOut<T>(work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		throw error instanceof ApiError && error.status === 401 ? new UnauthorizedError("signed out") : error;
	}
}
