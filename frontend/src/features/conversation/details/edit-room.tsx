import { type FormEvent, type KeyboardEvent, useId } from "react";
import type { MyRoom } from "../../../../contract/realtime.gen";
import { useChat } from "../../../lib/chat/chat";
import { isComposing } from "../../../lib/writing";
import { useRpc } from "../../../lib/yodel";
import { sentenceOf } from "../../../ui/sentence";

/** Changing name and topic of a room. Escape leaves both as they were. */
export function EditRoom({ room, onDone }: { room: MyRoom; onDone: () => void }) {
	const id = useId();
	const { call: update, pending, error } = useRpc("room.update");
	const { store } = useChat();
	async function submit(event: FormEvent<HTMLFormElement>) {
		event.preventDefault();
		const form = new FormData(event.currentTarget);
		try {
			const room_id = room.id;
			const changed = await update({ room_id, name: String(form.get("name")), topic: String(form.get("topic")) });
			store.dispatch({ type: "synced", room: changed });
			onDone();
		} catch {
			// the form shows the error
		}
	}
	return (
		<form
			className="about card"
			onSubmit={submit}
			onKeyDown={(event: KeyboardEvent) => event.key === "Escape" && !isComposing(event) && onDone()}
		>
			<label htmlFor={`${id}-name`}>Name</label>
			<input
				id={`${id}-name`}
				name="name"
				defaultValue={room.name}
				required
				maxLength={80}
				autoComplete="off"
				dir="auto"
				// biome-ignore lint/a11y/noAutofocus: who chose to change it writes next
				autoFocus
			/>
			<label htmlFor={`${id}-topic`}>Topic</label>
			<input id={`${id}-topic`} name="topic" defaultValue={room.topic} maxLength={250} autoComplete="off" dir="auto" />
			{error && (
				<p className="problem" role="alert">
					{sentenceOf(error)}
				</p>
			)}
			<div className="line">
				<button type="submit" className="primary" disabled={pending}>
					Save
				</button>
				<button type="button" onClick={onDone}>
					Cancel
				</button>
			</div>
		</form>
	);
}
