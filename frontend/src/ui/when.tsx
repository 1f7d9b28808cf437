import { relative } from "./relative";

/** A moment in words, with the exact one on hover. */
export function When({ at }: { at: string }) {
	const moment = new Date(at);
	return (
		<time dateTime={at} title={moment.toLocaleString()}>
			{relative(moment.getTime(), Date.now())}
		</time>
	);
}
