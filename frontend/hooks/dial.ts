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
	address.protocol = address.protocol.replace(/^http/, "ws");
	for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
	return address;
}

/** What of a WebSocket class is used: the browser's own, a library's, or a fake one. */
export type SocketClass = new (url: string | URL, protocols?: string | string[]) => WebSocket;

/** Beside a bearer entry must stand a protocol that the server can choose. */
const json = "centrifuge-json";

/**
 * Something that centrifuge-js can use as its `websocket`: it dials with the
 * credential of the attempt, which the address alone, a fixed string, cannot carry.
 */
export function dialler(
	credential: () => Credential,
	socketClass: SocketClass | undefined,
	watch: (socket: WebSocket) => void,
): (address: string, protocol?: string) => WebSocket {
	return function dial(address, protocol) {
		const { query, protocols = [] } = credential();
		const spoken = protocol ?? (protocols.length > 0 ? json : undefined);
		const Class = socketClass ?? WebSocket;
		const socket = new Class(socketAddress(address, query), spoken ? [spoken, ...protocols] : []);
		watch(socket);
		return socket;
	};
}
