import { PartMissing } from "../lib/part";

/** In place of a page, or of the whole application, that could not be shown: what is so, and the way on. */
export function PageTrouble({ error, onRetry }: { error: unknown; onRetry: () => void }) {
	const missing = error instanceof PartMissing;
	return (
		<div className="nothing page-trouble" role="alert">
			<h1>{missing ? "A part of this page is missing" : "This page could not be shown"}</h1>
			<p>{missing ? whyMissing() : "Nothing that you sent is lost. Try again, or load the page anew."}</p>
			<p className="ways">
				<button type="button" className="primary" onClick={() => location.reload()}>
					Load anew
				</button>
				{!missing && (
					<button type="button" onClick={onRetry}>
						Try again
					</button>
				)}
			</p>
		</div>
	);
}

function whyMissing(): string {
	if (!navigator.onLine) return "You are offline. Load the page anew when the network is back.";
	return "The server may have a newer version of it. Load the page anew to get that. What you are writing is kept.";
}
