import { useState } from "react";

interface Props {
	/** What the first button says. */
	label: string;
	/** What the second one says: the thing that is about to happen, by its name. */
	sure: string;
	/** What the way back says. */
	keep: string;
	/** What it means, said before it happens. */
	means?: string;
	problem: string | undefined;
	onSure: () => void;
}

/** Something that ends something: it asks once, and names what it ends. */
export function Confirm({ label, sure, keep, means, problem, onSure }: Props) {
	const [asked, setAsked] = useState(false);
	return (
		<div className="confirm">
			{asked ? (
				<>
					{means && <p className="quiet">{means}</p>}
					<div className="line">
						<button type="button" className="danger" onClick={onSure}>
							{sure}
						</button>
						{/* biome-ignore lint/a11y/noAutofocus: the focus was on the button that this one replaces */}
						<button type="button" onClick={() => setAsked(false)} autoFocus>
							{keep}
						</button>
					</div>
				</>
			) : (
				<button type="button" onClick={() => setAsked(true)}>
					{label}
				</button>
			)}
			{problem && (
				<p className="problem" role="alert">
					{problem}
				</p>
			)}
		</div>
	);
}
