import { describe, expect, it } from "vitest";
import type { RoomInvitation } from "../../../contract/realtime.gen";
import { contactsReducer, noContacts } from "./contacts";

const bob = { id: "bob", username: "bob", name: "Bob" };
const invitation = (room_id: string): RoomInvitation => ({
	room_id,
	kind: "private",
	name: room_id,
	topic: "",
	members: 1,
	by: bob,
	at: "2026-01-01T10:00:00Z",
});

describe("contacts", () => {
	it("has each invitation once, the latest first, until it was answered", () => {
		const added = (room: string) => ({
			type: "user" as const,
			event: { type: "invitation.added" as const, invitation: invitation(room) },
		});
		let known = contactsReducer(noContacts, { type: "invitations", invitations: [invitation("a")] });
		known = [added("b"), added("a")].reduce(contactsReducer, known);
		expect(known.invitations.map(({ room_id }) => room_id)).toEqual(["a", "b"]);
		known = contactsReducer(known, { type: "user", event: { type: "invitation.removed", room_id: "a" } });
		expect(known.invitations.map(({ room_id }) => room_id)).toEqual(["b"]);
	});

	it("knows whom one blocks, on whichever device", () => {
		const changed = (blocked: boolean) => ({
			type: "user" as const,
			event: { type: "block.changed" as const, person: bob, blocked },
		});
		expect([...contactsReducer(noContacts, changed(true)).blocked.keys()]).toEqual(["bob"]);
		const listed = contactsReducer(noContacts, { type: "blocked", people: [bob] });
		expect(contactsReducer(listed, changed(false)).blocked.size).toBe(0);
	});
});
