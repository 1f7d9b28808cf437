"use client";
import { createContext, useContext } from "react";
import type { Connection } from "./connection-store";

// Alone with types in this module, so that no edit during development makes another
// context: everything below the provider would be mounted anew.
/** The connection of the nearest provider. */
export const ConnectionContext = /* @__PURE__ */ createContext<Connection | null>(null);

/** The connection of the nearest provider. */
export function useProvided(): Connection {
	const connection = useContext(ConnectionContext);
	if (!connection) throw new Error("Yodel's hooks need a <YodelProvider> around them.");
	return connection;
}
