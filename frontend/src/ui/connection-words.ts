import type { ConnectionState, ReadyState, Refusal } from "yodel-react";
import { wasSignedOutHere } from "../lib/signed-out-here";

/** How a connection stands. */
export interface Standing {
	state: ConnectionState | ReadyState;
	refusal?: Refusal | null;
	/** Seconds until the next attempt; 0 for none. */
	seconds: number;
	/** Messages that wait to be sent. */
	waiting: number;
	/** Messages that were missed and are being read. */
	missing: number;
}

const words: Record<ConnectionState | ReadyState, string> = {
	idle: "Connecting",
	connecting: "Connecting",
	live: "Live",
	open: "Live",
	waiting: "Connecting",
	recovering: "Connecting",
	offline: "Offline",
	refused: "Refused",
	closed: "Closed",
};

/** The state of a connection in a few words, and what waits for it to come back; empty for nothing. */
export function connectionWords({ state, refusal, seconds, waiting, missing }: Standing): [string, string] {
	if (state === "live") return [missing > 0 ? `Catching up: ${messages(missing)}` : words.live, ""];
	const standing = state === "refused" && refusal ? refused(refusal) : words[state];
	const first = seconds > 0 && state !== "offline" ? `Back in ${seconds} s` : standing;
	return [first, waiting > 0 ? `: ${waiting} waiting to send` : ""];
}

const messages = (count: number) => (count === 1 ? "1 message" : `${count} messages`);

function refused({ reason }: Refusal): string {
	if (reason === "revoked") return wasSignedOutHere() ? "Signed out" : "Signed out on another device";
	return reason === "signed-out" ? "Signed out" : "Refused";
}
