import { type KeyboardEvent, type RefObject, useEffect, useId, useState } from "react";
import { flushSync } from "react-dom";
import type { Person } from "../../../contract/realtime.gen";
import { isComposing, writable } from "../../lib/writing";
import { ComposerLength } from "./composer-length";
import { isTooLong } from "./length";
import { complete, mentionAt } from "./mention";
import { MentionList } from "./mention-list";
import { useDraft } from "./use-draft";

interface Props {
	roomId: string;
	members: readonly Person[];
	box: RefObject<HTMLTextAreaElement | null>;
	onSend: (text: string) => void;
	onTyping: () => void;
	/** Opens one's last message for editing. */
	onEditLast: () => void;
}

/** Writing. Enter sends, Shift and Enter make a line; what is not sent survives a reload. */
export function Composer({ roomId, members, box, onSend, onTyping, onEditLast }: Props) {
	const id = useId();
	const [text, setText] = useDraft(roomId);
	const [cursor, setCursor] = useState(0);
	const [chosen, setChosen] = useState(0);
	const [dismissed, setDismissed] = useState("");
	const mention = mentionAt(text, cursor);
	const found = mention && mention.query !== dismissed ? matching(members, mention.query) : [];
	useEffect(() => box.current?.focus({ preventScroll: true }), [box]);

	function send() {
		const whole = writable(text);
		if (whole.trim() === "" || isTooLong(whole)) return;
		onSend(whole);
		setText("");
	}
	function take(person: Person | undefined) {
		if (!mention || !person) return;
		const next = complete(text, mention, person.username);
		// The caret follows at once: the next key may come before the next picture.
		flushSync(() => {
			setText(next.text);
			setCursor(next.cursor);
		});
		box.current?.focus();
		box.current?.setSelectionRange(next.cursor, next.cursor);
	}
	/** Whether the list of people took the key. */
	function choose(key: string): boolean {
		if (found.length === 0) return false;
		if (key === "ArrowDown") setChosen((chosen + 1) % found.length);
		else if (key === "ArrowUp") setChosen((chosen + found.length - 1) % found.length);
		else if (key === "Enter" || key === "Tab") take(found[chosen] ?? found[0]);
		else if (key === "Escape") setDismissed(mention?.query ?? "");
		else return false;
		return true;
	}
	function press(event: KeyboardEvent) {
		if (isComposing(event)) return;
		if (choose(event.key)) event.preventDefault();
		else if (event.key === "Enter" && !event.shiftKey) {
			event.preventDefault();
			send();
		} else if (event.key === "ArrowUp" && text === "") {
			event.preventDefault();
			onEditLast();
		}
	}
	return (
		<form
			className="writer"
			onSubmit={(event) => {
				event.preventDefault();
				send();
			}}
		>
			{found.length > 0 && <MentionList id={id} people={found} chosen={chosen} onTake={take} />}
			<textarea
				ref={box}
				aria-label="Message"
				placeholder="Write a message"
				rows={1}
				value={text}
				aria-describedby={`${id}-length`}
				aria-invalid={isTooLong(text)}
				aria-controls={found.length > 0 ? `${id}-people` : undefined}
				aria-activedescendant={found[chosen] ? `${id}-${found[chosen].id}` : undefined}
				onChange={(event) => {
					setText(event.target.value);
					setCursor(event.target.selectionStart);
					setChosen(0);
					if (event.target.value !== "") onTyping();
				}}
				onSelect={(event) => setCursor(event.currentTarget.selectionStart)}
				onKeyDown={press}
			/>
			<ComposerLength id={`${id}-length`} text={text} />
			<button type="submit" className="primary">
				Send
			</button>
		</form>
	);
}

function matching(members: readonly Person[], query: string): Person[] {
	const wanted = query.toLowerCase();
	return members
		.filter(({ username, name }) => username.startsWith(wanted) || name.toLowerCase().startsWith(wanted))
		.slice(0, 6);
}
