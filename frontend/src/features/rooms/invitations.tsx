import { useNavigate } from "@tanstack/react-router";
import type { RoomInvitation } from "../../../contract/realtime.gen";
import { useChat, useChatState } from "../../lib/chat/chat";
import { useRpc } from "../../lib/yodel";

/** Rooms that others ask one into. Nothing of them is followed before one accepts. */
export function Invitations() {
	const invitations = useChatState(({ contacts }) => contacts.invitations);
	if (invitations.length === 0) return null;
	return (
		<section aria-label="Invitations" className="invitations">
			<h2>Invitations</h2>
			<ul>
				{invitations.map((invitation) => (
					<li key={invitation.room_id}>
						<OneInvitation invitation={invitation} />
					</li>
				))}
			</ul>
		</section>
	);
}

function OneInvitation({ invitation }: { invitation: RoomInvitation }) {
	const { room_id, name, by, topic } = invitation;
	const { call: accept, error: unaccepted, pending: accepting } = useRpc("invitation.accept");
	const { call: decline, error: undeclined, pending: declining } = useRpc("invitation.decline");
	const { store } = useChat();
	const navigate = useNavigate();
	async function enter() {
		try {
			store.dispatch({ type: "known", room: await accept({ room_id }) });
			await navigate({ to: "/rooms/$roomId", params: { roomId: room_id } });
		} catch {
			// the line below the buttons shows the error
		}
	}
	const problem = unaccepted ?? undeclined;
	return (
		<>
			<p dir="auto">
				<b>{name}</b>
			</p>
			{topic && (
				<p className="quiet" dir="auto">
					{topic}
				</p>
			)}
			<p className="quiet" dir="auto">
				{by.name || by.username} (@{by.username}) invites you.
			</p>
			<div className="line">
				<button
					type="button"
					className="primary"
					disabled={accepting || declining}
					onClick={enter}
					aria-label={`Accept ${name}`}
				>
					Accept
				</button>
				<button
					type="button"
					disabled={accepting || declining}
					onClick={() => decline({ room_id }).catch(() => {})}
					aria-label={`Decline ${name}`}
				>
					Decline
				</button>
			</div>
			{problem && (
				<p className="problem" role="alert">
					{problem.message}
				</p>
			)}
		</>
	);
}
