import { useState } from "react";
import type { Member, MyRoom } from "../../../../contract/realtime.gen";
import { useRpc } from "../../../lib/yodel";
import { Confirm } from "./confirm";

const roles = ["member", "moderator", "owner"];

interface Props {
	room: MyRoom;
	member: Member;
	mayManage: boolean;
	mayRemove: boolean;
}

/** The role of a member, and the way to take them out, behind one button. */
export function MemberControls({ room, member, mayManage, mayRemove }: Props) {
	const [open, setOpen] = useState(false);
	const { call: setRole, error: unset, pending } = useRpc("room.role");
	const { call: remove, error: unremoved } = useRpc("room.remove");
	const { call: ban, error: unbanned } = useRpc("room.ban");
	const mayBan = mayRemove && room.kind === "public";
	const { person, role } = member;
	const name = person.name || person.username;
	const ref = { room_id: room.id, user_id: person.id };
	const quietly = (work: Promise<unknown>) => work.catch(() => {}); // shown below
	return (
		<div className="member-controls">
			<button
				type="button"
				className="plain"
				aria-expanded={open}
				aria-label={`Manage ${name}`}
				onClick={() => setOpen(!open)}
			>
				{open ? "Done" : "Manage"}
			</button>
			{open && mayManage && (
				<label className="line">
					<span className="quiet">Role</span>
					<select
						aria-label={`Role of ${name}`}
						value={role}
						disabled={pending}
						onChange={(event) => quietly(setRole({ ...ref, role: event.target.value }))}
					>
						{roles.map((one) => (
							<option key={one}>{one}</option>
						))}
					</select>
				</label>
			)}
			{open && unset && (
				<p className="problem" role="alert">
					{unset.message}
				</p>
			)}
			{open && mayRemove && (
				<Confirm
					label="Remove from the room"
					sure={`Remove ${name}`}
					keep="Keep"
					{...(mayBan && { means: "They may join again. Ban them to keep them out." })}
					problem={unremoved?.message}
					onSure={() => quietly(remove(ref))}
				/>
			)}
			{open && mayBan && (
				<Confirm
					label="Ban from the room"
					sure={`Ban ${name}`}
					keep="Don't ban"
					means="They are out at once, and can't come back until somebody lifts the ban."
					problem={unbanned?.message}
					onSure={() => quietly(ban(ref))}
				/>
			)}
		</div>
	);
}
