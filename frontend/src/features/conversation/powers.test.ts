import { expect, test } from "vitest";
import { bob, roomOf } from "../../test/in-chat";
import { mayRemove, type Powers, powersIn } from "./powers";

const granted = (powers: Powers) =>
	Object.entries(powers)
		.filter(([, granted]) => granted)
		.map(([power]) => power);

test.each([
	["a member of a public room", { role: "member" }, "member", ["invite", "leave"]],
	["a member of a private room", { kind: "private", role: "member" }, "member", ["leave"]],
	["a moderator of a private room", { kind: "private", role: "moderator" }, "member", ["invite", "moderate", "leave"]],
	["an owner", { role: "owner" }, "member", ["invite", "moderate", "manage", "leave"]],
	["a moderator of the whole chat", { role: "member" }, "moderator", ["invite", "moderate", "leave"]],
	["an administrator", { role: "member" }, "admin", ["invite", "moderate", "manage", "leave"]],
	["anybody in a direct room", { kind: "direct", role: "member" }, "admin", []],
	["an owner of an archived room", { role: "owner", archived_at: "2026-01-01T10:00:00Z" }, "member", ["leave"]],
])("%s", (_, room, role, powers) => {
	expect(granted(powersIn(roomOf(room), role))).toEqual(powers);
});

test.each([
	["owner", "owner", true],
	["moderator", "member", true],
	["moderator", "moderator", false],
	["moderator", "owner", false],
	["member", "member", false],
])("a %s removes a %s: %s", (mine, theirs, may) => {
	const member = { person: bob, role: theirs, joined_at: "2026-01-01T10:00:00Z" };
	expect(mayRemove(roomOf({ role: mine }), "member", member)).toBe(may);
});
