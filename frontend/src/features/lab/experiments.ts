import { bearerEntry } from "yodel-react";
import { api } from "../../lib/api";
import { attempt, type Presented } from "./attempt";
import { mask } from "./mask";

/** One station of a credential on its way from the page to the principal. */
export interface Station {
	where: "Page" | "Request" | "Guard" | "Socket";
	what: string;
}

/** What an experiment is about to do: what travels, and what it stands for. */
export interface Prepared {
	presented: Presented;
	path: Station[];
}

export interface Experiment {
	id: string;
	title: string;
	why: string;
	/** What should come of it: a greeting, or which refusal, and by which rule. */
	expect: { opened: true } | { opened: false; refusal: string };
	prepare: () => Promise<Prepared>;
}

export const route = "/ws/demo";

const verdict: Station = { where: "Guard", what: "takes it out of the request, asks the app's echo-jwt configuration" };

export const carriers: Experiment[] = [
	{
		id: "cookie",
		title: "Cookie",
		why: "Pages of the app's own origin. No script can read it; the origin must be listed.",
		expect: { opened: true },
		prepare: async () => {
			await api.fresh();
			return {
				presented: {},
				path: [
					{ where: "Page", what: "holds nothing" },
					{ where: "Request", what: "Cookie: access=•••, added by the browser" },
					{ where: "Guard", what: "checks the whole Origin first, then the app's echo-jwt configuration" },
				],
			};
		},
	},
	{
		id: "ticket",
		title: "Ticket",
		why: "Another origin, or a client that can only set an address. Worth nothing once used or after 30 s.",
		expect: { opened: true },
		prepare: async () => {
			const { secret } = await api.ticket(route, false);
			return {
				presented: { query: { ticket: secret } },
				path: [
					{ where: "Page", what: `POST /api/ws/ticket → ${mask(secret)}` },
					{ where: "Request", what: `GET ${route}?ticket=${mask(secret)}` },
					{ where: "Guard", what: "finds the token that stayed on the server, judges it again, uses the ticket up" },
				],
			};
		},
	},
	{
		id: "two-step",
		title: "Ticket, then token",
		why: "When a ticket alone shall not be enough: the token must name the ticket's own user and session.",
		expect: { opened: true },
		prepare: async () => {
			const [ticket, token] = await Promise.all([api.ticket(route, true), api.token()]);
			return {
				presented: {
					query: { ticket: ticket.secret },
					first: JSON.stringify({ type: "authenticate", token: token.secret }),
				},
				path: [
					{ where: "Page", what: `holds ${mask(ticket.secret)} and ${mask(token.secret)}` },
					{ where: "Request", what: `GET ${route}?ticket=${mask(ticket.secret)}` },
					{ where: "Guard", what: "lets it wait: ten seconds, one attempt, nothing delivered" },
					{ where: "Socket", what: `{"type":"authenticate","token":"${mask(token.secret)}"}` },
				],
			};
		},
	},
	{
		id: "subprotocol",
		title: "Subprotocol",
		why: "Browsers can set this one header; nothing stands in the address.",
		expect: { opened: true },
		prepare: async () => {
			const { secret } = await api.token();
			return {
				presented: { protocols: ["yodel", bearerEntry(secret)] },
				path: [
					{ where: "Page", what: `POST /api/token → ${mask(secret)}` },
					{ where: "Request", what: `Sec-WebSocket-Protocol: yodel, base64url.bearer.yodel.${mask(secret)}` },
					verdict,
				],
			};
		},
	},
	{
		id: "query",
		title: "Query",
		why: "The last resort: proxies log addresses. Tokens of a few minutes only.",
		expect: { opened: true },
		prepare: async () => {
			const { secret } = await api.token();
			return {
				presented: { query: { token: secret } },
				path: [
					{ where: "Page", what: `POST /api/token → ${mask(secret)}` },
					{ where: "Request", what: `GET ${route}?token=${mask(secret)}` },
					verdict,
				],
			};
		},
	},
];

export const refusals: Experiment[] = [
	{
		id: "altered",
		title: "An altered token",
		why: "One character of the signature is another. A good cookie beside it changes nothing.",
		expect: { opened: false, refusal: "401: a refused token never falls back to the cookie" },
		prepare: async () => {
			const { secret } = await api.token();
			const dot = secret.lastIndexOf(".") + 1;
			const altered = secret.slice(0, dot) + (secret[dot] === "A" ? "B" : "A") + secret.slice(dot + 1);
			return {
				presented: { query: { token: altered } },
				path: [{ where: "Request", what: `GET ${route}?token=${mask(altered)}` }, verdict],
			};
		},
	},
	{
		id: "two",
		title: "Two credentials at once",
		why: "The same good token in the address and as a subprotocol.",
		expect: { opened: false, refusal: "400: exactly one explicit credential decides" },
		prepare: async () => {
			const { secret } = await api.token();
			return {
				presented: { query: { token: secret }, protocols: ["yodel", bearerEntry(secret)] },
				path: [
					{ where: "Request", what: `?token=${mask(secret)} and base64url.bearer.yodel.${mask(secret)}` },
					{ where: "Guard", what: "counts before it verifies" },
				],
			};
		},
	},
	{
		id: "alone",
		title: "A bearer entry alone",
		why: "No real subprotocol stands beside the token, so there is nothing that could be answered.",
		expect: { opened: false, refusal: "400: the token is never echoed" },
		prepare: async () => {
			const { secret } = await api.token();
			return {
				presented: { protocols: [bearerEntry(secret)] },
				path: [{ where: "Request", what: `Sec-WebSocket-Protocol: base64url.bearer.yodel.${mask(secret)}` }],
			};
		},
	},
	{
		id: "used",
		title: "A ticket that was used",
		why: "The ticket has opened a socket a moment ago.",
		expect: { opened: false, refusal: "401: of all who try, one gets it" },
		prepare: async () => {
			const { secret } = await api.ticket(route, false);
			await attempt(route, { query: { ticket: secret } });
			return {
				presented: { query: { ticket: secret } },
				path: [
					{ where: "Page", what: `used ${mask(secret)} once` },
					{ where: "Request", what: `GET ${route}?ticket=${mask(secret)}, again` },
				],
			};
		},
	},
	{
		id: "first",
		title: "A bad token in the first message",
		why: "The ticket is good, what follows is not.",
		expect: { opened: false, refusal: "3500: the connection was nobody's and stays nobody's" },
		prepare: async () => {
			const { secret } = await api.ticket(route, true);
			return {
				presented: { query: { ticket: secret }, first: JSON.stringify({ type: "authenticate", token: "not.a.token" }) },
				path: [
					{ where: "Request", what: `GET ${route}?ticket=${mask(secret)}` },
					{ where: "Socket", what: '{"type":"authenticate","token":"not.…"}' },
				],
			};
		},
	},
];
