"use client";
import { createElement, type ReactNode, useEffect, useMemo } from "react";
import { type ConnectionOptions, connectionFor, deciding } from "./connection-store";
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
	const connection = useMemo(
		() => connectionFor(options, credentials),
		deciding.map((name) => options[name]),
	);
	useEffect(() => {
		connection.credentials = credentials;
	});
	useEffect(() => connection.subscribe(() => {}), [connection]);
	return createElement(ConnectionContext, { value: connection }, children);
}
