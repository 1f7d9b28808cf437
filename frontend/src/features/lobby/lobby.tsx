import { describeClose } from "yodel-react";
import { useChannel, useConnection, usePresence } from "../../lib/yodel";
import { ConnectionPill } from "../../ui/connection-pill";
import { RefusalNotice } from "../../ui/refusal-notice";
import { Announcement } from "./announcement";
import { hear, nothing } from "./heard";
import { SaidList } from "./said-list";
import { SayForm } from "./say-form";

/** What was said, and the way to say something. */
export function Talk({ onSignedOut }: { onSignedOut: () => void }) {
	const { refusal, retry } = useConnection();
	const { value: heard, state, gaps } = useChannel("lobby", { initial: nothing, reduce: hear, history: 100 });
	return (
		<section className="talk" data-heard={heard.count} data-faults={heard.faults}>
			{refusal && <RefusalNotice refusal={refusal} onSignIn={onSignedOut} onRetry={retry} />}
			{gaps > 0 && (
				<p className="notice" role="status" aria-label="Gap">
					You were away for so long that some messages are no longer kept.
				</p>
			)}
			<Announcement />
			<SaidList said={heard.said} />
			<SayForm ready={state === "live"} />
		</section>
	);
}

/** How the connection stands, and what a developer wants to know of it. */
export function Standing() {
	const connection = useConnection();
	const { close, roundTrip } = connection;
	return (
		<>
			<ConnectionPill connection={connection} />
			<dl className="facts">
				<dt>Round trip</dt>
				<dd>{roundTrip === null ? "not yet measured" : `${roundTrip} ms`}</dd>
				<dt>Last close</dt>
				<dd>{close ? `${close.code}: ${describeClose(close.code)}` : "none"}</dd>
			</dl>
		</>
	);
}

/** Who is here; a person with two tabs is one. */
export function HereNow() {
	const { members } = usePresence("lobby");
	const names = members.map(({ user, connInfo }) => (connInfo as { username?: string } | null)?.username ?? user);
	return (
		<section aria-label="Here now">
			<h2>Here now</h2>
			<ul className="people">
				{[...new Set(names)].sort().map((name) => (
					<li key={name}>{name}</li>
				))}
			</ul>
		</section>
	);
}
