/** What one attempt to connect presents. */
export interface Credential {
	/** Parameters to add to the address. */
	query?: Record<string, string>;
	/** Entries to add to the subprotocols. */
	protocols?: string[];
	/** A token to send in the first message of the protocol (`connect`). */
	token?: string;
}

/** The whole address of a socket: relative to the page, `ws` for `http`, with the credential's parameters. */
export function socketAddress(url: string, query: Record<string, string> = {}): URL {
	const address = new URL(url, globalThis.location?.href);
	address.protocol = address.protocol.replace("http", "ws");
	for (const name in query) address.searchParams.set(name, `${query[name]}`);
	return address;
}

/** What of a WebSocket class is used: the browser's own, a library's, or a fake one. */
export type SocketClass = new (url: string | URL, protocols?: string | string[]) => WebSocket;
