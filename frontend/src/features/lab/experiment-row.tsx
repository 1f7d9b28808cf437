import { useState } from "react";
import { attempt, type Outcome } from "./attempt";
import { type Experiment, route, type Station } from "./experiments";

type State =
	| { phase: "idle" }
	| { phase: "running" }
	| { phase: "done"; path: Station[]; outcome: Outcome }
	| { phase: "failed"; why: string };

/** One experiment: run it, see the path of the credential and what became of it. */
export function ExperimentRow({ experiment }: { experiment: Experiment }) {
	const [state, setState] = useState<State>({ phase: "idle" });
	async function run() {
		setState({ phase: "running" });
		try {
			const { presented, path } = await experiment.prepare();
			setState({ phase: "done", path, outcome: await attempt(route, presented) });
		} catch (error) {
			setState({ phase: "failed", why: error instanceof Error ? error.message : "It could not be prepared." });
		}
	}
	return (
		<li className="experiment">
			<div>
				<h3>{experiment.title}</h3>
				<p className="quiet">{experiment.why}</p>
			</div>
			<button type="button" onClick={run} disabled={state.phase === "running"} aria-label={`Try ${experiment.title}`}>
				{state.phase === "done" ? "Again" : "Try it"}
			</button>
			{state.phase === "done" && (
				<>
					<ol className="path">
						{state.path.map((station) => (
							<li key={station.where + station.what}>
								<b>{station.where}</b>
								<code>{station.what}</code>
							</li>
						))}
					</ol>
					<Result expected={experiment.expect} outcome={state.outcome} />
				</>
			)}
			{state.phase === "failed" && <p className="problem">{state.why}</p>}
		</li>
	);
}

function Result({ expected, outcome }: { expected: Experiment["expect"]; outcome: Outcome }) {
	const right = expected.opened === outcome.opened;
	return (
		<p className="outcome" role="status" data-opened={outcome.opened} data-right={right}>
			<b>{outcome.opened ? "✓ Open" : "✕ Refused"}</b> {said(outcome)}
			{!expected.opened && !outcome.opened && <span className="quiet"> {expected.refusal}.</span>}
			{!right && <strong> That is not what should happen.</strong>}
		</p>
	);
}

function said(outcome: Outcome): string {
	if (outcome.opened)
		return `as ${outcome.user}, speaking ${outcome.protocol || "nothing in particular"}, after ${outcome.milliseconds} ms.`;
	if (outcome.code === 0) return "No answer came within five seconds.";
	if (!outcome.upgraded) return "before the upgrade; the browser reports 1006 and hides the status.";
	return `after the upgrade with ${outcome.code} ${outcome.reason}.`;
}
