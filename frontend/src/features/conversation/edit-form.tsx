import { type FormEvent, type KeyboardEvent, useId, useState } from "react";
import type { Message } from "../../../contract/realtime.gen";
import { isComposing, writable } from "../../lib/writing";
import { sentenceOf } from "../../ui/sentence";
import { ComposerLength } from "./composer-length";
import { isTooLong } from "./length";
import type { RowActions } from "./message-row";

/** Changing the text of one's own message. Escape leaves it as it was. */
export function EditForm({ message, actions }: { message: Message; actions: RowActions }) {
	const id = useId();
	const [text, setText] = useState(message.text);
	const [problem, setProblem] = useState("");
	async function save() {
		const whole = writable(text);
		if (whole.trim() === "" || whole === message.text) return actions.onEdit("");
		if (isTooLong(whole)) return;
		try {
			await actions.edit(message.id, whole);
			actions.onEdit("");
		} catch (error) {
			if ((error as Error).name !== "AbortError") setProblem(sentenceOf(error));
		}
	}
	function press(event: KeyboardEvent) {
		if (isComposing(event)) return;
		if (event.key === "Escape") actions.onEdit("");
		if (event.key !== "Enter" || event.shiftKey) return;
		event.preventDefault();
		void save();
	}
	return (
		<form
			className="edit"
			onSubmit={(event: FormEvent) => {
				event.preventDefault();
				void save();
			}}
		>
			<textarea
				aria-label="Edit the message"
				aria-describedby={`${id}-length`}
				aria-invalid={isTooLong(text)}
				value={text}
				rows={Math.min(8, text.split("\n").length)}
				onChange={(event) => setText(event.target.value)}
				onKeyDown={press}
				// biome-ignore lint/a11y/noAutofocus: who chose to edit writes next
				autoFocus
			/>
			<ComposerLength id={`${id}-length`} text={text} />
			<button type="submit" className="primary">
				Save
			</button>
			<button type="button" onClick={() => actions.onEdit("")}>
				Cancel
			</button>
			{problem && (
				<p className="problem" role="alert">
					{problem}
				</p>
			)}
		</form>
	);
}
