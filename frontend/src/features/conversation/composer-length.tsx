import { most, near } from "./length";

/** How much of a message is left to write, once that matters. Nothing of what was pasted is cut off. */
export function ComposerLength({ id, text }: { id: string; text: string }) {
	const count = text.length > near ? [...text.trim()].length : 0;
	const over = count - most;
	return (
		<p className="length" id={id} role="status" aria-label="Length" data-over={over > 0} hidden={count <= near}>
			{over > 0
				? `${over.toLocaleString("en")} characters too many. Shorten it, or send it in parts.`
				: count > near && `${(-over).toLocaleString("en")} characters left`}
		</p>
	);
}
