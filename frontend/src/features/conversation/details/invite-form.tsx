import { type FormEvent, useState } from "react";
import { useRpc } from "../../../lib/yodel";
import { sentenceOf } from "../../../ui/sentence";

/** Asking somebody in by their username. */
export function InviteForm({ roomId, onInvited }: { roomId: string; onInvited: () => void }) {
	const { call: invite, error, pending } = useRpc("room.invite");
	const [username, setUsername] = useState("");
	const [told, setTold] = useState("");
	async function submit(event: FormEvent) {
		event.preventDefault();
		setTold("");
		try {
			const { person } = await invite({ room_id: roomId, username: username.trim().replace(/^@/, "") });
			setTold(`${person.name || person.username} was invited, and is in the room when they accept.`);
			setUsername("");
			onInvited();
		} catch {
			// the form shows the error
		}
	}
	return (
		<form className="invite" onSubmit={submit}>
			<div className="line">
				<input
					aria-label="Username to invite"
					placeholder="Username"
					value={username}
					onChange={(event) => setUsername(event.target.value)}
					autoCapitalize="none"
					autoComplete="off"
					required
				/>
				<button type="submit" disabled={pending}>
					Invite
				</button>
			</div>
			<p className="quiet" role="status" aria-label="Invited">
				{told}
			</p>
			{error && (
				<p className="problem" role="alert">
					{sentenceOf(error)}
				</p>
			)}
		</form>
	);
}
