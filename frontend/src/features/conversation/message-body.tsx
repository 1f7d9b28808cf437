import { lazy, Suspense } from "react";

const Markdown = lazy(() => import("./markdown"));

/** Something that markdown would show in another way than it stands. */
const marked = /[*_`~#>[\]|\\<&]|https?:|www\.|^\s*[-+\d]/m;

/** The text of a message. Plain text needs no parser; until the parser is there, the text stands as it is. */
export function MessageBody({ text }: { text: string }) {
	const plain = <div className="plain-text">{text}</div>;
	return (
		<div className="message-body" dir="auto">
			{marked.test(text) ? (
				<Suspense fallback={plain}>
					<Markdown text={text} />
				</Suspense>
			) : (
				plain
			)}
		</div>
	);
}
