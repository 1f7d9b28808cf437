import { Link } from "@tanstack/react-router";
import type { MyRoom } from "../../../contract/realtime.gen";
import { titleOf } from "../../lib/chat/rooms";

interface Props {
	room: MyRoom;
	details: boolean;
	onDetails: () => void;
}

/** What the room is called and about. */
export function ConversationHead({ room, details, onDetails }: Props) {
	return (
		<div className="conversation-head">
			<Link to="/" className="back" aria-label="All rooms">
				←
			</Link>
			<div className="grow">
				<h1 dir="auto">{titleOf(room)}</h1>
				{room.with && (
					<p className="quiet" dir="ltr">
						@{room.with.username}
					</p>
				)}
				{room.topic && (
					<p className="quiet" dir="auto">
						{room.topic}
					</p>
				)}
			</div>
			<button type="button" aria-expanded={details} onClick={onDetails}>
				{room.kind === "direct" ? "About" : `${room.members} ${room.members === 1 ? "member" : "members"}`}
			</button>
		</div>
	);
}
