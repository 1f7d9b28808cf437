"use client";
import type { Connection, UseConnection } from "./connection-store";
import { itself } from "./store";
import { useStore } from "./use-store";

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
	return useStore(itself<Connection>, "", undefined);
}
