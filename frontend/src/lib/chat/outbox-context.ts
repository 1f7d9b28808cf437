import { createContext, useContext } from "react";
import type { Waiting } from "./outbox";

/** What the pages share of the outbox. */
export interface OutboxApi {
	waiting: readonly Waiting[];
	/** Sends a text, now or when the connection is back. */
	send: (roomId: string, text: string) => void;
	retry: (key: string) => void;
	discard: (key: string) => void;
}

// Alone with types in this module: see the context of the hooks.
export const OutboxContext = createContext<OutboxApi | null>(null);

/** What waits to be sent, and the way to send. */
export function useOutbox(): OutboxApi {
	const outbox = useContext(OutboxContext);
	if (!outbox) throw new Error("useOutbox needs an <OutboxProvider> around the component that calls it.");
	return outbox;
}
