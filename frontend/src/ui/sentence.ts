import { ApiError } from "../lib/api";

/** What to tell a person of an error: the server's own sentence, or that there was no answer. */
export function sentenceOf(error: unknown): string {
	if (error instanceof ApiError) return error.message;
	if (!navigator.onLine) return "You are offline. This goes on when the network is back.";
	return "The server can't be reached. Check your connection, then try again.";
}
