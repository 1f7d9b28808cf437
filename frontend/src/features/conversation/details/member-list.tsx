import type { Member, MyRoom } from "../../../../contract/realtime.gen";
import { useOnline } from "../../../lib/chat/use-online";
import { useSession } from "../../../lib/session";
import { Avatar } from "../../../ui/avatar";
import { mayRemove } from "../powers";
import type { Members } from "../use-members";
import { MemberControls } from "./member-controls";

interface Props {
	room: MyRoom;
	members: Members;
	mayManage: boolean;
}

/** Who is in the room, and what can be done about it. */
export function MemberList({ room, members, mayManage }: Props) {
	const { user } = useSession();
	const online = useOnline(members.people);
	return (
		<>
			<ul className="choices members" aria-label="Members">
				{members.members.map((member) => {
					const other = member.person.id !== user.id;
					const removable = other && mayRemove(room, user.role, member);
					return (
						<li key={member.person.id}>
							<MemberLine member={member} online={online.has(member.person.id)} you={!other} />
							{(removable || (other && mayManage)) && (
								<MemberControls room={room} member={member} mayManage={mayManage} mayRemove={removable} />
							)}
						</li>
					);
				})}
			</ul>
			{members.more && <p className="quiet">These are the first 200.</p>}
		</>
	);
}

function MemberLine({ member, online, you }: { member: Member; online: boolean; you: boolean }) {
	const { person, role } = member;
	return (
		<div className="member">
			<span className="face">
				<Avatar person={person} />
				<span className="presence" data-online={online} aria-hidden="true" />
			</span>
			<span className="grow">
				<b dir="auto">{person.name || person.username}</b>
				{you && <small> (you)</small>}
				<small className="member-facts" dir="auto">
					@{person.username}
					{role !== "member" && `, ${role}`}
					<span className="hidden">, {online ? "online" : "away"}</span>
				</small>
				{person.status && (
					<small className="member-facts" dir="auto">
						{person.status}
					</small>
				)}
			</span>
		</div>
	);
}
