import type { Member, MyRoom } from "../../../contract/realtime.gen";

/**
 * What somebody may do in a room, so that only what works is offered. The server
 * decides; `app/chat/access.go` has the same rules.
 */
export interface Powers {
	invite: boolean;
	/** Delete what others said, and remove members. */
	moderate: boolean;
	/** Name, topic, archive and roles. */
	manage: boolean;
	leave: boolean;
}

const ranks: Record<string, number> = { member: 1, moderator: 2, owner: 3 };
/** Moderators and administrators of the whole chat stand so in the rooms that they are in. */
const everywhere: Record<string, number> = { moderator: 2, admin: 3 };

function rank(room: MyRoom, role: string): number {
	return Math.max(ranks[room.role] ?? 0, everywhere[role] ?? 0);
}

export function powersIn(room: MyRoom, role: string): Powers {
	const shared = room.kind !== "direct";
	const open = shared && !room.archived_at;
	const mine = rank(room, role);
	return {
		invite: open && (room.kind === "public" || mine >= 2),
		moderate: open && mine >= 2,
		manage: open && mine >= 3,
		leave: shared,
	};
}

/** Whether somebody may remove a member: nobody but owners reaches those who stand as high. */
export function mayRemove(room: MyRoom, role: string, member: Member): boolean {
	const mine = rank(room, role);
	return powersIn(room, role).moderate && (mine >= 3 || (ranks[member.role] ?? 0) < mine);
}
