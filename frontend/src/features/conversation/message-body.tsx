import { lazy, Suspense } from "react";
import { report } from "../../lib/report";
import { Boundary } from "../../ui/boundary";
import { isTame } from "./tame";

const PlainText = ({ text }: { text: string }) => <div className="plain-text">{text}</div>;

// Without the parser a message can be read all the same.
const Markdown = lazy(() =>
	import("./markdown").catch((cause: unknown) => {
		report("marked text", cause);
		return { default: PlainText };
	}),
);

/** Something that markdown would show in another way than it stands. */
const marked = /[*_`~#>[\]|\\<&]|https?:|www\.|^[ \t]*[-+\d]/m;

/**
 * The text of a message. Plain text needs no parser; until the parser is there, and where it fails, the text stands
 * as it is. Another text is drawn anew, for a translator may have changed what was there.
 */
export function MessageBody({ text }: { text: string }) {
	const plain = <PlainText text={text} />;
	return (
		<div className="message-body" dir="auto" key={text}>
			{marked.test(text) && isTame(text) ? (
				<Boundary place="a message as markdown" fallback={() => plain}>
					<Suspense fallback={plain}>
						<Markdown text={text} />
					</Suspense>
				</Boundary>
			) : (
				plain
			)}
		</div>
	);
}
