"use client";
import { useSyncExternalStore } from "react";
import type { UseConnection } from "./connection-store";
import { useProvided } from "./context";

/**
 * How the connection stands, as a screen can show it.
 *
 * @example
 * ```tsx
 * function Pill() {
 * 	const { state, refusal, retry } = useConnection();
 * 	if (refusal?.remedy === "sign-in") return <a href="/login">Sign in again</a>;
 * 	return <button onClick={retry}>{state}</button>;
 * }
 * ```
 */
export function useConnection(): UseConnection {
	const { subscribe, snapshot } = useProvided("useConnection");
	return useSyncExternalStore(subscribe, snapshot, snapshot);
}
