import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useId, useState } from "react";
import { useChat } from "../../lib/chat/chat";
import { useRpc } from "../../lib/yodel";
import { Panel } from "../../ui/panel";
import { sentenceOf } from "../../ui/sentence";

/** Making a room. */
export function NewRoom({ onClose }: { onClose: () => void }) {
	const id = useId();
	const { call: create, pending, error } = useRpc("room.create");
	const { store } = useChat();
	const navigate = useNavigate();
	const [kind, setKind] = useState("public");
	async function submit(event: FormEvent<HTMLFormElement>) {
		event.preventDefault();
		const form = new FormData(event.currentTarget);
		try {
			const room = await create({ kind, name: String(form.get("name")), topic: String(form.get("topic")) });
			store.dispatch({ type: "known", room });
			onClose();
			await navigate({ to: "/rooms/$roomId", params: { roomId: room.id } });
		} catch {
			// the form shows the error
		}
	}
	return (
		<Panel title="New room" onClose={onClose}>
			<form className="card" onSubmit={submit}>
				<label htmlFor={`${id}-name`}>Name</label>
				<input id={`${id}-name`} name="name" required maxLength={80} autoComplete="off" />
				<label htmlFor={`${id}-topic`}>Topic</label>
				<input id={`${id}-topic`} name="topic" maxLength={250} autoComplete="off" />
				<div className="kinds" role="radiogroup" aria-label="Who may join">
					{[
						["public", "Everybody may join"],
						["private", "Only by invitation"],
					].map(([value = "", label]) => (
						<label key={value}>
							<input type="radio" name="kind" checked={kind === value} onChange={() => setKind(value)} /> {label}
						</label>
					))}
				</div>
				{error && (
					<p className="problem" role="alert">
						{sentenceOf(error)}
					</p>
				)}
				<button type="submit" className="primary" disabled={pending}>
					Make the room
				</button>
			</form>
		</Panel>
	);
}
