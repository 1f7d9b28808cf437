import { memo, useState } from "react";
import type { Message } from "../../../contract/realtime.gen";
import { useChatState } from "../../lib/chat/chat";
import { Avatar } from "../../ui/avatar";
import { sentenceOf } from "../../ui/sentence";
import { EditForm } from "./edit-form";
import { MessageActions } from "./message-actions";
import { MessageBody } from "./message-body";
import { Reactions } from "./reactions";

/** What can be done with a message. Each rejects where the server refuses. */
export interface RowActions {
	me: string;
	mayModerate: boolean;
	/** Whether the room can still be written in. */
	writable: boolean;
	/** The message that is being edited; empty for none. */
	editing: string;
	onEdit: (messageId: string) => void;
	edit: (messageId: string, text: string) => Promise<unknown>;
	remove: (messageId: string) => Promise<unknown>;
	react: (messageId: string, emoji: string, on: boolean) => Promise<unknown>;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
/** Where there is little space: the same time without the half of the day. */
const short = (at: Date) =>
	clock
		.formatToParts(at)
		.map(({ type, value }) => (type === "dayPeriod" ? "" : value))
		.join("")
		.trim();

/** One message: who, when, what, and what others answered with. */
export const MessageRow = memo(function MessageRow({ message, grouped, newest, actions }: Props) {
	const [problem, setProblem] = useState("");
	const { author, sent_at } = message;
	const name = author.name || author.username;
	const editing = actions.editing === message.id;
	const [shown, setShown] = useState(false);
	const blocked = useChatState(({ contacts }) => contacts.blocked.has(author.id));
	const hidden = blocked && !shown && !message.deleted_at;
	const attempt = (work: Promise<unknown>) => {
		setProblem("");
		work.catch((error: Error) => error.name !== "AbortError" && setProblem(sentenceOf(error)));
	};
	const time = (
		<time dateTime={sent_at} title={new Date(sent_at).toLocaleString()}>
			{grouped ? short(new Date(sent_at)) : clock.format(new Date(sent_at))}
		</time>
	);
	return (
		<article className="message" data-grouped={grouped} tabIndex={newest ? 0 : -1} aria-label={`Message of ${name}`}>
			{grouped ? <span className="gutter">{time}</span> : <Avatar person={author} />}
			<div className="message-main">
				{!grouped && (
					<p className="message-head">
						<b dir="auto">{name}</b> {name !== author.username && <small dir="ltr">@{author.username}</small>} {time}
					</p>
				)}
				{message.deleted_at ? (
					<p className="quiet">This message was deleted.</p>
				) : hidden ? (
					<p className="quiet">
						Written by somebody whom you have blocked.{" "}
						<button
							type="button"
							className="plain"
							aria-label={`Show the message of ${name}`}
							onClick={() => setShown(true)}
						>
							Show
						</button>
					</p>
				) : editing ? (
					<EditForm message={message} actions={actions} />
				) : (
					<MessageBody text={message.text} />
				)}
				{message.edited_at && !message.deleted_at && !hidden && <small className="quiet">edited</small>}
				{!hidden && (
					<Reactions message={message} onReact={(emoji, on) => attempt(actions.react(message.id, emoji, on))} />
				)}
				{problem && (
					<p className="problem" role="alert">
						{problem}
					</p>
				)}
			</div>
			{!message.deleted_at && !hidden && !editing && actions.writable && (
				<MessageActions message={message} actions={actions} attempt={attempt} />
			)}
		</article>
	);
});

interface Props {
	message: Message;
	grouped: boolean;
	/** The way in for the Tab key; from there the arrow keys walk from message to message. */
	newest: boolean;
	actions: RowActions;
}
