import { usePageTitle } from "../../lib/page-title";
import { ExperimentRow } from "./experiment-row";
import { carriers, refusals } from "./experiments";

/** Each way for a credential to travel, tried on the running server, and what is refused. */
export function LabPage() {
	usePageTitle("Connection lab");
	return (
		<main className="lab">
			<h1>Connection lab</h1>
			<p className="lead">
				One login, and every way for it to reach a socket. Each row opens a real one to this server and shows what
				travelled where; secrets are masked and never kept.
			</p>
			<section aria-labelledby="lab-carriers">
				<h2 id="lab-carriers">Carriers</h2>
				<ul className="experiments">
					{carriers.map((experiment) => (
						<ExperimentRow key={experiment.id} experiment={experiment} />
					))}
					<li className="experiment">
						<div>
							<h3>Authorization header</h3>
							<p className="quiet">
								Native clients and servers. Browsers can't set it on a socket, so there is nothing to try here.
							</p>
						</div>
						<code className="command">curl -H "Authorization: Bearer $TOKEN" …/ws/demo</code>
					</li>
				</ul>
			</section>
			<section aria-labelledby="lab-refusals">
				<h2 id="lab-refusals">Refused, and why</h2>
				<ul className="experiments">
					{refusals.map((experiment) => (
						<ExperimentRow key={experiment.id} experiment={experiment} />
					))}
				</ul>
			</section>
		</main>
	);
}
