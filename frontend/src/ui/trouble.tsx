import { useEffect, useState } from "react";
import { sentenceOf } from "./sentence";

/** Something could not be read, and the way on. */
export function Trouble({ error, onRetry }: { error: unknown; onRetry: () => void }) {
	return (
		<div className="trouble" role="alert">
			<p>{sentenceOf(error)}</p>
			<button type="button" onClick={onRetry}>
				Try again
			</button>
		</div>
	);
}

/** The shape of what is coming, for waits that a person notices: 200 ms and longer. */
export function Waiting({ lines = 5 }: { lines?: number }) {
	const [late, setLate] = useState(false);
	useEffect(() => {
		const timer = setTimeout(() => setLate(true), 200);
		return () => clearTimeout(timer);
	}, []);
	return (
		<div className="coming" role="status" aria-label="Loading">
			{late && Array.from({ length: lines }, (_, line) => line).map((line) => <span key={line} />)}
		</div>
	);
}
