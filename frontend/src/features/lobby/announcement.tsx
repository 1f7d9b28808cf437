import { useState } from "react";
import { useBroadcast } from "../../lib/yodel";

/** What was announced to everybody while the page was open, the latest alone. */
export function Announcement() {
	const [text, setText] = useState("");
	useBroadcast((message) => {
		const announced = textOf(message);
		if (announced !== undefined) setText(announced);
	});
	if (text === "") return null;
	return (
		<div className="notice announcement" role="status" aria-label="Announcement">
			<p dir="auto">{text}</p>
			<button type="button" onClick={() => setText("")}>
				Close
			</button>
		</div>
	);
}

/** Messages to everybody are of several types; announcements are one of them. */
function textOf(message: unknown): string | undefined {
	const { type, announcement } = (message ?? {}) as { type?: string; announcement?: { text?: string } };
	return type === "announced" ? announcement?.text : undefined;
}
