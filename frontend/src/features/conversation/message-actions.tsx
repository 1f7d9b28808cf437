import { useState } from "react";
import type { Message } from "../../../contract/realtime.gen";
import { emojis } from "./emojis";
import type { RowActions } from "./message-row";

interface Props {
	message: Message;
	actions: RowActions;
	attempt: (work: Promise<unknown>) => void;
}

/** The buttons of a message: seen with the pointer over it or the focus in it. */
export function MessageActions({ message, actions, attempt }: Props) {
	const [open, setOpen] = useState<"" | "react" | "delete">("");
	const mine = message.author.id === actions.me;
	if (open === "react")
		return (
			<div className="message-actions" data-open>
				{emojis.map((emoji) => (
					<button
						key={emoji}
						type="button"
						aria-label={`React with ${emoji}`}
						onClick={() => {
							setOpen("");
							attempt(actions.react(message.id, emoji, true));
						}}
					>
						{emoji}
					</button>
				))}
				<button type="button" onClick={() => setOpen("")}>
					Cancel
				</button>
			</div>
		);
	if (open === "delete")
		return (
			<div className="message-actions" data-open>
				<button type="button" onClick={() => attempt(actions.remove(message.id))}>
					Delete for everybody
				</button>
				<button type="button" onClick={() => setOpen("")}>
					Keep
				</button>
			</div>
		);
	return (
		<div className="message-actions">
			<button type="button" onClick={() => setOpen("react")}>
				React
			</button>
			{mine && (
				<button type="button" onClick={() => actions.onEdit(message.id)}>
					Edit
				</button>
			)}
			{(mine || actions.mayModerate) && (
				<button type="button" onClick={() => setOpen("delete")}>
					Delete
				</button>
			)}
		</div>
	);
}
