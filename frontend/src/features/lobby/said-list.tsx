import { useEffect, useRef } from "react";
import type { Said } from "./said";

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

/** What was said, the newest last. */
export function SaidList({ said }: { said: readonly Said[] }) {
	const end = useRef<HTMLLIElement>(null);
	const last = said.at(-1)?.offset;
	useEffect(() => {
		if (last) end.current?.scrollIntoView?.({ block: "nearest" });
	}, [last]);
	return (
		<section aria-label="Lobby" className="messages" role="log">
			{said.length === 0 && <p className="empty">Nobody has said anything yet. Be the first.</p>}
			<ol>
				{said.map((one) => (
					<li key={one.offset}>
						<span />
						<b dir="auto">{one.from}</b>
						<span />
						<time dateTime={one.at} title={new Date(one.at).toLocaleString()}>
							{clock.format(new Date(one.at))}
						</time>
						<p dir="auto">{one.text}</p>
					</li>
				))}
				<li ref={end} className="end" aria-hidden="true" />
			</ol>
		</section>
	);
}
