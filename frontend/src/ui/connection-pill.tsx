import { useEffect, useState } from "react";
import type { ConnectionState, ReadyState, Refusal } from "yodel-react";
import { connectionWords } from "./connection-words";

interface Props {
	connection: {
		state: ConnectionState | ReadyState;
		refusal?: Refusal | null;
		retryAt: number | null;
		retry: () => void;
	};
	waiting?: number;
	missing?: number;
	/** The way on for who was signed out. */
	onSignIn?: () => void;
}

/** The state of the connection, always visible, with the way on beside it. */
export function ConnectionPill({ connection, waiting = 0, missing = 0, onSignIn }: Props) {
	const { state, refusal = null, retryAt, retry } = connection;
	const seconds = useSecondsUntil(retryAt);
	const [standing, outbox] = connectionWords({ state, refusal, seconds, waiting, missing });
	const signIn = refusal?.remedy === "sign-in" ? onSignIn : undefined;
	return (
		<div className="pill" data-state={state} data-busy={state === "live" && missing > 0}>
			<span className="dot" aria-hidden="true" />
			<span role="status" aria-label="Connection">
				{standing}
				<span className="pill-outbox">{outbox}</span>
			</span>
			{signIn ? (
				<button type="button" className="plain" onClick={signIn}>
					Sign in
				</button>
			) : (
				(retryAt !== null || state === "refused") && (
					<button type="button" className="plain" onClick={retry}>
						Retry now
					</button>
				)
			)}
		</div>
	);
}

function useSecondsUntil(moment: number | null): number {
	const [now, setNow] = useState(Date.now);
	useEffect(() => {
		if (moment === null) return;
		setNow(Date.now());
		const timer = setInterval(() => setNow(Date.now()), 250);
		return () => clearInterval(timer);
	}, [moment]);
	return moment === null ? 0 : Math.max(0, Math.ceil((moment - now) / 1000));
}
