import { useState } from "react";
import type { Account, Session } from "../../../contract/http.gen";
import { nameOf } from "../../lib/device-name";
import { Confirm } from "../../ui/confirm";
import { sentenceOf } from "../../ui/sentence";
import { Trouble, Waiting } from "../../ui/trouble";
import { When } from "../../ui/when";
import { useAct, useAdmin } from "./use-admin";

/** Where an account is signed in, and the way to end that. */
export function UserSessions({ user }: { user: Account }) {
	const sessions = useAdmin("GET /api/admin/users/{id}/sessions", { path: { id: user.id } });
	const one = useAct("DELETE /api/admin/users/{id}/sessions/{session}");
	const all = useAct("DELETE /api/admin/users/{id}/sessions");
	const [asked, setAsked] = useState<Session | "all" | null>(null);
	const list = sessions.data?.sessions ?? [];
	const failed = one.error ?? all.error;
	const end = () => {
		if (asked === "all") all.mutate({ path: { id: user.id } });
		else if (asked) one.mutate({ path: { id: user.id, session: asked.id } });
		setAsked(null);
	};
	return (
		<section aria-label="Sessions">
			<h3>Sessions</h3>
			{sessions.isPending && <Waiting lines={2} />}
			{sessions.isError && <Trouble error={sessions.error} onRetry={() => sessions.refetch()} />}
			{sessions.data && list.length === 0 && <p className="quiet">{user.username} is signed in nowhere.</p>}
			<ul className="devices">
				{list.map((session) => (
					<li key={session.id}>
						<div>
							<span className="clip" title={session.device}>
								{nameOf(session.device)}
							</span>
							<p className="quiet">
								{session.address}, seen <When at={session.seen_at} />
							</p>
						</div>
						<button type="button" className="small" onClick={() => setAsked(session)}>
							Revoke
						</button>
					</li>
				))}
			</ul>
			{list.length > 1 && (
				<button type="button" className="ending" onClick={() => setAsked("all")}>
					Revoke all
				</button>
			)}
			<p className="problem" role="alert">
				{failed ? sentenceOf(failed) : ""}
			</p>
			{asked && (
				<Confirm title={`Sign ${user.username} out?`} action="Sign out" onConfirm={end} onCancel={() => setAsked(null)}>
					<p>{endingOf(asked === "all" ? list : [asked])} They have to sign in again there.</p>
				</Confirm>
			)}
		</section>
	);
}

function endingOf(sessions: Session[]): string {
	const names = sessions.map(({ device, address }) => `${nameOf(device)} at ${address}`).join("; ");
	return `${sessions.length === 1 ? "This login ends" : `These ${sessions.length} logins end`}: ${names}.`;
}
