import { useEffect, useRef, useState } from "react";
import { hasNewBuild } from "../lib/build";
import { useConnection } from "../lib/yodel";

/** Offers to load the page anew when the server has another build of it. Deploys cut connections, so each return is the moment to ask. */
export function NewBuildNotice() {
	const { state } = useConnection();
	const [offered, setOffered] = useState<"no" | "yes" | "later">("no");
	const before = useRef(false);
	useEffect(() => {
		if (state !== "live") return;
		if (!before.current) {
			before.current = true; // this page has just come from there
			return;
		}
		const abort = new AbortController();
		hasNewBuild(abort.signal).then(
			(is) => setOffered((now) => (now === "later" ? now : is ? "yes" : "no")),
			() => {}, // the next return asks again
		);
		return () => abort.abort();
	}, [state]);
	return (
		<div className="announcement" role="status" aria-label="New version" hidden={offered !== "yes"}>
			{offered === "yes" && (
				<>
					<p>Yodel has a new version. What you are writing is kept.</p>
					<button type="button" className="primary" onClick={() => location.reload()}>
						Load anew
					</button>
					<button type="button" onClick={() => setOffered("later")}>
						Later
					</button>
				</>
			)}
		</div>
	);
}
