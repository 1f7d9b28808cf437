import { type FormEvent, type KeyboardEvent, useState } from "react";
import type { Message } from "../../../contract/realtime.gen";
import type { RowActions } from "./message-row";

/** Changing the text of one's own message. Escape leaves it as it was. */
export function EditForm({ message, actions }: { message: Message; actions: RowActions }) {
	const [text, setText] = useState(message.text);
	const [problem, setProblem] = useState("");
	async function save() {
		if (text.trim() === "" || text === message.text) return actions.onEdit("");
		try {
			await actions.edit(message.id, text);
			actions.onEdit("");
		} catch (error) {
			if ((error as Error).name !== "AbortError") setProblem((error as Error).message);
		}
	}
	function press(event: KeyboardEvent) {
		if (event.key === "Escape") actions.onEdit("");
		if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
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
				value={text}
				maxLength={4000}
				rows={Math.min(8, text.split("\n").length)}
				onChange={(event) => setText(event.target.value)}
				onKeyDown={press}
				// biome-ignore lint/a11y/noAutofocus: who chose to edit writes next
				autoFocus
			/>
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
