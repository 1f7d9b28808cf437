import type { Person, RoomInvitation } from "../../../contract/realtime.gen";
import type { UserEvent } from "./events";

/** What others ask of somebody, and whom they keep away. */
export interface Contacts {
	/** Rooms that they are invited into, the latest first. */
	invitations: readonly RoomInvitation[];
	/** Whom they have blocked, by id. */
	blocked: ReadonlyMap<string, Person>;
}

export type ContactsAction =
	| { type: "invitations"; invitations: readonly RoomInvitation[] }
	| { type: "blocked"; people: readonly Person[] }
	| { type: "user"; event: UserEvent };

export const noContacts: Contacts = { invitations: [], blocked: new Map() };

/** What is known of both after one more thing happened. */
export function contactsReducer(contacts: Contacts, action: ContactsAction): Contacts {
	switch (action.type) {
		case "invitations":
			return { ...contacts, invitations: action.invitations };
		case "blocked":
			return { ...contacts, blocked: new Map(action.people.map((person) => [person.id, person])) };
		case "user":
			return afterUserEvent(contacts, action.event);
	}
}

function afterUserEvent(contacts: Contacts, event: UserEvent): Contacts {
	const without = (roomId: string) => contacts.invitations.filter(({ room_id }) => room_id !== roomId);
	switch (event.type) {
		case "invitation.added":
			return { ...contacts, invitations: [event.invitation, ...without(event.invitation.room_id)] };
		case "invitation.removed":
			return { ...contacts, invitations: without(event.room_id) };
		case "block.changed": {
			const blocked = new Map(contacts.blocked);
			if (event.blocked) blocked.set(event.person.id, event.person);
			else blocked.delete(event.person.id);
			return { ...contacts, blocked };
		}
		default:
			return contacts;
	}
}
