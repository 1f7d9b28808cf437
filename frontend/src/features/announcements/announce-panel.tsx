import { type FormEvent, useId, useState } from "react";
import { newKey } from "../../lib/chat/key";
import { writable } from "../../lib/writing";
import { useRpc } from "../../lib/yodel";
import { Panel } from "../../ui/panel";
import { sentenceOf } from "../../ui/sentence";

/** Telling everybody something. One key for all attempts, so that it is told once. */
export function AnnouncePanel({ onClose }: { onClose: () => void }) {
	const id = useId();
	const { call: announce, pending, error } = useRpc("announcement.send");
	const [key] = useState(newKey);
	async function submit(event: FormEvent<HTMLFormElement>) {
		event.preventDefault();
		const text = new FormData(event.currentTarget).get("text");
		try {
			await announce({ key, text: writable(String(text)) });
			onClose();
		} catch {
			// the form shows the error
		}
	}
	return (
		<Panel title="Tell everybody" onClose={onClose}>
			<form className="card" onSubmit={submit}>
				<label htmlFor={`${id}-text`}>Announcement</label>
				<textarea id={`${id}-text`} name="text" rows={3} maxLength={500} required aria-describedby={`${id}-who`} />
				<p id={`${id}-who`} className="quiet">
					Everybody sees it at the top of the chat, now or when they come back.
				</p>
				{error && (
					<p className="problem" role="alert">
						{sentenceOf(error)}
					</p>
				)}
				<button type="submit" className="primary" disabled={pending}>
					Announce
				</button>
			</form>
		</Panel>
	);
}
