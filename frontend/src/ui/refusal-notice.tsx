import { describeClose, type Refusal, type RefusalReason } from "yodel-react";

const sentences: Record<RefusalReason, string> = {
	"signed-out": "You are signed out. Sign in again to go on.",
	revoked: "You were signed out. Sign in again to go on.",
	forbidden: "You no longer have access here.",
	limit: "You have as many connections open as allowed. Close a tab, then try again.",
	blocked: "The server answers, but no live connection opens. Try again, or from another network.",
	protocol: "Load the page anew to go on.",
};

interface Ways {
	onSignIn: () => void;
	onRetry: () => void;
}

/** Why a connection was refused for good, and the way on. */
export function RefusalNotice({ refusal, onSignIn, onRetry }: { refusal: Refusal } & Ways) {
	const { reason, remedy, code } = refusal;
	return (
		<div className="notice" role="alert">
			<p>
				{reason === "protocol" && `${describeClose(code)} `}
				{sentences[reason]}
			</p>
			{remedy === "sign-in" && <Way label="Sign in again" go={onSignIn} />}
			{remedy === "retry" && <Way label="Try again" go={onRetry} />}
			{remedy === "reload" && <Way label="Load anew" go={() => location.reload()} />}
		</div>
	);
}

function Way({ label, go }: { label: string; go: () => void }) {
	return (
		<button type="button" className="primary" onClick={go}>
			{label}
		</button>
	);
}
