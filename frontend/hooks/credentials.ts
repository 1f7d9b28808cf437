import type { Credential } from "./dial";

/** One attempt to connect. */
export interface Attempt {
	/** Attempts in a row that failed, from 0; whoever asks for one at once begins to count anew. */
	failures: number;
	/** Ends when the attempt is no longer wanted. */
	signal: AbortSignal;
}

/**
 * How a connection shows who it belongs to. Made by {@link cookie}, {@link ticket},
 * {@link twoStep}, {@link token}, {@link subprotocol} or {@link query}, or by your own code.
 *
 * @example
 * ```ts
 * const own: Credentials = { present: async () => ({ query: { key: await fetchKey() } }) };
 * ```
 */
export interface Credentials {
	/**
	 * What an attempt presents; called before every one, so that none reuses a dead
	 * token. Throw {@link Refused} or anything with `status` 401 or 403 to give up.
	 */
	present(attempt: Attempt): Promise<Credential> | Credential;
	/**
	 * Asks the server over HTTP whether the login still stands, after an attempt that
	 * failed: browsers hide the status of a refused upgrade. Rejects like `present`.
	 */
	probe?: ((signal: AbortSignal) => Promise<unknown>) | undefined;
	/** A fresh token for an open connection whose own ends soon; without it the connection is made anew. */
	renew?: ((signal: AbortSignal) => Promise<string>) | undefined;
}

/** Gives a secret: a token or a ticket. */
export type Source = (signal: AbortSignal) => Promise<string> | string;

/** What every strategy takes. */
export interface CredentialOptions {
	/** An address that answers 401 to who is signed out, or a function that rejects then. */
	probe?: string | ((signal: AbortSignal) => Promise<unknown>) | undefined;
	/** A fresh token to prolong an open connection with. */
	renew?: ((signal: AbortSignal) => Promise<string>) | undefined;
}

/** Asks an address; rejects with an answer that is not good, whose status says whether to give up. */
async function ask(url: string, init: RequestInit): Promise<Response> {
	const response = await fetch(url, { credentials: "include", cache: "no-store", ...init });
	if (response.ok) return response;
	throw response;
}

function strategy(present: Credentials["present"], { probe, renew }: CredentialOptions): Credentials {
	return { present, renew, probe: typeof probe === "string" ? (signal) => ask(probe, { signal }) : probe };
}

/**
 * The browser sends the login's cookie by itself; the page holds nothing.
 *
 * @param options.fresh called before every attempt, for logins whose cookie has to be refreshed
 *
 * @example
 * ```tsx
 * <YodelProvider url="/ws" credentials={cookie({ probe: "/api/me" })}>
 * ```
 */
export function cookie(
	options: CredentialOptions & { fresh?: (signal: AbortSignal) => Promise<unknown> } = {},
): Credentials {
	return strategy(async ({ signal }) => {
		await options.fresh?.(signal);
		return {};
	}, options);
}

/** Where tickets come from. */
export interface TicketSource {
	/** Answers `POST` with `{"ticket": "…"}`. */
	url: string;
	/** The socket's route, sent in the body; the server's default without it. */
	route?: string;
	/** Headers to send, such as a CSRF token's; a function is asked every time. */
	headers?: Record<string, string> | (() => Record<string, string>);
}

async function mint(source: TicketSource | Source, more: object, signal: AbortSignal): Promise<string> {
	if (typeof source === "function") return source(signal);
	const { url, route, headers = {} } = source;
	const response = await ask(url, {
		method: "POST",
		signal,
		headers: { "Content-Type": "application/json", ...(typeof headers === "function" ? headers() : headers) },
		body: JSON.stringify({ ...(route === undefined ? {} : { route }), ...more }),
	});
	return ((await response.json()) as { ticket: string }).ticket;
}

/** Whoever got a ticket or token a moment ago is signed in. */
const proven = () => Promise.resolve();

/**
 * A random value for one use travels in the address, a fresh one for every attempt;
 * the token stays on the server.
 *
 * @example
 * ```ts
 * ticket({ url: "/api/ws/ticket", headers: () => ({ "X-CSRF-Token": csrf() }) });
 * ticket(async () => (await api.ticket()).value);
 * ```
 */
export function ticket(source: TicketSource | Source, options: CredentialOptions = {}): Credentials {
	return strategy(async ({ signal }) => ({ query: { ticket: await mint(source, {}, signal) } }), {
		probe: proven,
		...options,
	});
}

/**
 * A ticket opens the socket, and a token in the first message proves who it is.
 *
 * @example
 * ```ts
 * twoStep({ url: "/api/ws/ticket" }, () => session.token());
 * ```
 */
export function twoStep(source: TicketSource | Source, getToken: Source, options: CredentialOptions = {}): Credentials {
	return strategy(
		async ({ signal }) => ({
			query: { ticket: await mint(source, { first_message: true }, signal) },
			token: await getToken(signal),
		}),
		{ probe: proven, renew: async (signal) => getToken(signal), ...options },
	);
}

/**
 * A token in the first message of the protocol.
 *
 * @example
 * ```ts
 * token(() => session.token(), { probe: "/api/me" });
 * ```
 */
export function token(getToken: Source, options: CredentialOptions = {}): Credentials {
	return carried(getToken, (secret) => ({ token: secret }), options);
}

/**
 * A token in `Sec-WebSocket-Protocol`, the one header that browsers can set.
 *
 * @example
 * ```ts
 * subprotocol(() => session.token());
 * ```
 */
export function subprotocol(getToken: Source, options: CredentialOptions = {}): Credentials {
	return carried(getToken, (secret) => ({ protocols: [bearerEntry(secret)] }), options);
}

/**
 * A token in the address, as the parameter `token`. The last resort: proxies log addresses.
 *
 * @example
 * ```ts
 * query(() => session.token());
 * ```
 */
export function query(getToken: Source, options: CredentialOptions = {}): Credentials {
	return carried(getToken, (secret) => ({ query: { token: secret } }), options);
}

function carried(getToken: Source, carry: (secret: string) => Credential, options: CredentialOptions): Credentials {
	return strategy(async ({ signal }) => carry(await getToken(signal)), {
		renew: async (signal) => getToken(signal),
		...options,
	});
}

/**
 * The subprotocol entry in which a token travels: base64url without padding
 * (RFC 4648, section 5) behind a fixed name. Another protocol must stand beside it.
 *
 * @example
 * ```ts
 * new WebSocket("/ws", ["centrifuge-json", bearerEntry(token)]);
 * ```
 */
export function bearerEntry(secret: string): string {
	const bytes = String.fromCharCode(...new TextEncoder().encode(secret));
	const encoded = btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
	return `base64url.bearer.yodel.${encoded}`;
}
