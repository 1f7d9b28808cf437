import type { Waiting } from "../../lib/chat/outbox";
import { useOutbox } from "../../lib/chat/outbox-context";

/** A message that the server does not have yet. */
export function WaitingRow({ waiting }: { waiting: Waiting }) {
	const { retry, discard } = useOutbox();
	const { text, problem, key, stored } = waiting;
	return (
		<article className="message waiting" aria-label={problem ? "Not sent" : "Waiting to send"}>
			<div className="message-body plain-text" dir="auto">
				{text}
			</div>
			<p className="quiet">
				{problem ? (
					<>
						<span className="problem-word">Not sent: {problem}</span>{" "}
						<button type="button" className="plain" onClick={() => retry(key)}>
							Try again
						</button>
						<button type="button" className="plain" onClick={() => discard(key)}>
							Discard
						</button>
					</>
				) : (
					<span hidden={stored !== null}>Waiting to send</span>
				)}
			</p>
		</article>
	);
}
