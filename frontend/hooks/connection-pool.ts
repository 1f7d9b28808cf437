import { type Connection, type ConnectionOptions, createConnection } from "./connection-store";

// On the global object, so that a module evaluated anew by hot reload finds what the old one opened.
const key = Symbol.for("yodel-react/1");
const global = globalThis as { [key]?: Set<Connection> };

const deciding = ["url", "identity", "client", "codec", "socket"] as const;

const pool = (): Set<Connection> => {
	global[key] ??= new Set();
	return global[key];
};

/**
 * The page's connection of these options: the one that is open, else a new one. On
 * a server always a new one, for none ever opens there.
 */
export function connectionFor(options: ConnectionOptions): Connection {
	for (const known of pool()) if (deciding.every((name) => known.options[name] === options[name])) return known;
	return createConnection(options);
}

/** Opens a connection for one more user, where others find it; the function that it returns lets go. */
export function acquire(connection: Connection): () => void {
	pool().add(connection);
	return connection.acquire(() => pool().delete(connection));
}
