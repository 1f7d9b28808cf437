import { useCallback } from "react";
import { ask } from "./ask";
import { useSession } from "./session";

/** A way to ask the server who one is now; the session takes its answer. */
export function useWhoIAm(): (signal?: AbortSignal) => Promise<void> {
	const { user, onUser } = useSession();
	return useCallback(
		async (signal) => {
			const now = await ask("GET /api/me", {}, signal).catch(() => user); // away, or the login has ended: others say so
			if (signal?.aborted || now.id !== user.id) return;
			if (now.role !== user.role || now.name !== user.name) onUser(now);
		},
		[user, onUser],
	);
}
