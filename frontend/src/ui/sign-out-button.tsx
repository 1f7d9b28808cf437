import { type ReactNode, useState } from "react";
import { sentenceOf } from "./sentence";

/** The way out. Who could not be signed out is told so, and stays where they are. */
export function SignOutButton({ onSignOut, children }: { onSignOut: () => Promise<void>; children: ReactNode }) {
	const [problem, setProblem] = useState("");
	const go = () => {
		setProblem("");
		onSignOut().catch((error) => setProblem(`You are still signed in. ${sentenceOf(error)}`));
	};
	return (
		<>
			<button type="button" onClick={go}>
				{children}
			</button>
			{problem && (
				<p className="problem" role="alert">
					{problem}
				</p>
			)}
		</>
	);
}
