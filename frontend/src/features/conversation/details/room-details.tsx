import { useState } from "react";
import type { MyRoom } from "../../../../contract/realtime.gen";
import { useSession } from "../../../lib/session";
import { BlockButton } from "../../../ui/block-button";
import { powersIn } from "../powers";
import type { Members } from "../use-members";
import { AboutRoom } from "./about-room";
import { ArchiveRoom } from "./archive-room";
import { InviteForm } from "./invite-form";
import { BannedPeople, InvitedPeople } from "./kept-people";
import { LeaveRoom } from "./leave-room";
import { MemberList } from "./member-list";

interface Props {
	room: MyRoom;
	members: Members;
	onClose: () => void;
}

/** What the room is, who is in it, and the ways in and out. */
export function RoomDetails({ room, members, onClose }: Props) {
	const { user } = useSession();
	const powers = powersIn(room, user.role);
	const [invited, setInvited] = useState(0);
	const changes = `${invited} ${room.members} ${room.seq}`;
	return (
		<aside className="details" aria-label="Details of the room">
			<div className="panel-head">
				<h2>{room.kind === "direct" ? "People" : "About this room"}</h2>
				<button type="button" className="plain" onClick={onClose}>
					Close details
				</button>
			</div>
			{room.kind !== "direct" && (
				<>
					<AboutRoom room={room} mayManage={powers.manage} />
					<h2>{`${room.members} ${room.members === 1 ? "member" : "members"}`}</h2>
				</>
			)}
			{powers.invite && <InviteForm roomId={room.id} onInvited={() => setInvited((count) => count + 1)} />}
			<MemberList room={room} members={members} mayManage={powers.manage} />
			{powers.invite && <InvitedPeople roomId={room.id} changes={changes} />}
			{powers.moderate && room.kind === "public" && <BannedPeople roomId={room.id} changes={changes} />}
			{room.with && (
				<div className="details-foot">
					<BlockButton person={room.with} />
				</div>
			)}
			{(powers.leave || powers.manage) && (
				<div className="details-foot">
					{powers.leave && <LeaveRoom room={room} />}
					{powers.manage && <ArchiveRoom room={room} />}
				</div>
			)}
		</aside>
	);
}
