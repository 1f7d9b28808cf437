import type { RpcError } from "yodel-react";
import { ApiError } from "../lib/api";
import { NoAnswer } from "../lib/waits";

/** Errors of the client and the protocol, whose own words are for developers. */
const calls: Record<number, string> = {
	1: "The server did not answer in time. Try again.",
	100: "Something went wrong on the server. Try again in a moment.",
	101: "You are signed out. Sign in again to go on.",
	103: "You are not allowed to do that.",
	108: "The server does not know that. Load the page anew, then try again.",
	111: "Too much at once. Wait a moment, then try again.",
};

/** By its name, so that the login need not load what makes calls. */
const isCalls = (error: unknown): error is RpcError => (error as Error | null)?.name === "RpcError";

/** What to tell a person of an error: the server's own sentence, or that there was no answer. */
export function sentenceOf(error: unknown): string {
	if (error instanceof ApiError) return error.message;
	if (isCalls(error) && error.code >= 400) return error.message;
	if (!navigator.onLine) return "You are offline. This goes on when the network is back.";
	if (error instanceof NoAnswer) return "The server did not answer in time. Try again.";
	if (isCalls(error)) return calls[error.code] ?? "The connection was lost. Try again when it is back.";
	return "The server can't be reached. Check your connection, then try again.";
}
