"use client";
import { type ReactNode, useEffect, useMemo } from "react";
import { acquire, connectionFor } from "./connection-pool";
import type { ConnectionOptions } from "./connection-store";
import { ConnectionContext } from "./context";
import type { Credentials } from "./credentials";

/** What a provider takes. Only `credentials` may change without making another connection. */
export interface YodelProviderProps extends ConnectionOptions {
	/** How the connection shows who it belongs to. May be new at every render. */
	credentials: Credentials;
	children?: ReactNode;
}

/**
 * Gives the components inside it one connection, open for as long as it is mounted.
 *
 * The connection is decided by `url`, `identity`, `client`, `codec` and `socket`:
 * another user gets another connection by another `identity`, without a reload.
 * Nothing happens on a server; there everything is `connecting`.
 *
 * @example
 * ```tsx
 * <YodelProvider url="/ws" identity={user.id} credentials={cookie({ probe: "/api/me" })}>
 * 	<Room id="42" />
 * </YodelProvider>
 * ```
 */
export function YodelProvider({ credentials, children, ...options }: YodelProviderProps): ReactNode {
	const { url, identity, client, codec, socket } = options;
	// url, identity, client, codec and socket alone make another connection
	const connection = useMemo(() => connectionFor(options), [url, identity, client, codec, socket]);
	useEffect(() => {
		connection.credentials = credentials;
	});
	useEffect(() => acquire(connection), [connection]);
	return <ConnectionContext value={connection}>{children}</ConnectionContext>;
}
