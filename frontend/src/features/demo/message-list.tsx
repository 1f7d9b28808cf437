import { useEffect, useRef } from "react";
import type { Entry } from "yodel-react";
import { explain, parse } from "./wire";

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

interface Line {
	who: string;
	what: string;
	kind: string;
}

/** What a person reads of an entry; null for what is not for reading. */
function lineOf(entry: Entry): Line | null {
	if (entry.direction === "sent") {
		const sent = JSON.parse(entry.text) as { type: string; to?: string; data: unknown };
		return { who: sent.to ? `You to ${sent.to}` : "You", what: textOf(sent.data), kind: sent.type };
	}
	const heard = parse(entry.text);
	switch (heard?.type) {
		case "welcome":
			return { who: "Server", what: `Welcome, ${heard.user}.`, kind: "welcome" };
		case "echo":
			return { who: "Echo", what: textOf(heard.data), kind: "echo" };
		case "broadcast":
		case "direct":
			return { who: heard.from, what: textOf(heard.data), kind: heard.type };
		case "error":
			return { who: "Server", what: explain(heard.code), kind: "error" };
		default:
			return null;
	}
}

const textOf = (data: unknown) => (typeof data === "string" ? data : JSON.stringify(data));

/** Everything that was sent and received, the newest last. */
export function MessageList({ log }: { log: readonly Entry[] }) {
	const end = useRef<HTMLLIElement>(null);
	const shown = log.slice(-500).flatMap((entry) => {
		const line = lineOf(entry);
		return line ? [{ entry, line }] : [];
	});
	const last = shown.at(-1)?.entry.sequence;
	useEffect(() => {
		if (last) end.current?.scrollIntoView?.({ block: "nearest" });
	}, [last]);
	return (
		<section aria-label="Messages" className="messages" role="log">
			{shown.length === 0 && (
				<p className="empty">Nothing was said yet. Write something below; everybody connected reads it.</p>
			)}
			<ol>
				{shown.map(({ entry, line }) => (
					<li key={entry.sequence} data-direction={entry.direction} data-kind={line.kind}>
						<span className="arrow" title={entry.direction}>
							{entry.direction === "sent" ? "↑" : "↓"}
							<span className="hidden">{entry.direction}</span>
						</span>
						<b dir="auto">{line.who}</b>
						<span className="kind">{line.kind}</span>
						<time dateTime={new Date(entry.at).toISOString()} title={exact.format(entry.at)}>
							{clock.format(entry.at)}
						</time>
						<p dir="auto">{line.what}</p>
					</li>
				))}
				<li ref={end} className="end" aria-hidden="true" />
			</ol>
		</section>
	);
}
