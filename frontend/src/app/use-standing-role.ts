import { useEffect } from "react";
import { useWhoIAm } from "../lib/who-i-am";
import { useConnection } from "../lib/yodel";

/**
 * Keeps what one may do true. Another role ends the connection, so each end and each
 * return of it is the moment to ask who one is.
 */
export function useStandingRole(): void {
	const askAgain = useWhoIAm();
	const { state, close } = useConnection();
	useEffect(() => {
		if (!close) return;
		const abort = new AbortController();
		void askAgain(abort.signal);
		return () => abort.abort();
	}, [state, close, askAgain]);
}
