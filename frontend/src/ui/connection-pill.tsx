import { useEffect, useState } from "react";
import type { Snapshot } from "../../hooks/plain-socket";

const sentences: Record<number, string> = {
	1009: "A message was too long for the server.",
	3501: "The server could not read what this page sent.",
	3503: "You were signed out. Sign in again to go on.",
	3504: "You have as many connections open as allowed. Close a tab, then try again.",
	3507: "You no longer have access here.",
};

/** Why a connection was refused for good, in words. */
export function refusal(close: Snapshot["close"]): string {
	if (!close) return "You are signed out. Sign in again to go on.";
	return sentences[close.code] ?? "The server refused the connection.";
}

function label(snapshot: Snapshot, seconds: number): string {
	switch (snapshot.state) {
		case "open":
			return "Live";
		case "waiting":
			return seconds > 0 ? `Back in ${seconds} s` : "Connecting";
		case "refused":
			return "Refused";
		case "closed":
			return "Closed";
		default:
			return "Connecting";
	}
}

/** The state of the connection, always visible, with the way on beside it. */
export function ConnectionPill({ socket, onRetry }: { socket: Snapshot; onRetry: () => void }) {
	const seconds = useSecondsUntil(socket.retryAt);
	return (
		<div className="pill" data-state={socket.state}>
			<span className="dot" aria-hidden="true" />
			<span role="status" aria-label="Connection">
				{label(socket, seconds)}
			</span>
			{(socket.state === "waiting" || socket.state === "refused") && (
				<button type="button" className="plain" onClick={onRetry}>
					Retry now
				</button>
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
