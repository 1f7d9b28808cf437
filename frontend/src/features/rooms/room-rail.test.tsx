import { act, screen } from "@testing-library/react";
import type { ComponentProps, ReactNode } from "react";
import { expect, test, vi } from "vitest";
import { useRoom } from "../../lib/chat/chat";
import { bob, inChat, messageOf, roomOf, serverOf, settled } from "../../test/in-chat";
import { InRouter } from "../../test/in-router";
import { useReadMarker } from "../conversation/use-read-marker";
import { RoomRail } from "./room-rail";

/** Told of each row that is drawn. */
const drawn = vi.hoisted(() => vi.fn());
vi.mock("@tanstack/react-router", async (original) => {
	const router = await original<typeof import("@tanstack/react-router")>();
	const Link = (props: ComponentProps<typeof router.Link>) => {
		const { roomId } = Object(props.params) as { roomId?: string };
		if (roomId) drawn(roomId);
		return <router.Link {...props} />;
	};
	return { ...router, Link };
});

/** The rail, beside something else. */
const railBeside = (beside: ReactNode = null) => (
	<InRouter>
		<RoomRail />
		{beside}
	</InRouter>
);

/** Somebody with the room open: at its end, or further up. */
function Reader({ atEnd }: { atEnd: boolean }) {
	const room = useRoom("r") ?? roomOf();
	useReadMarker(
		room,
		{ messages: [messageOf(room.messages)], hasBefore: false, seq: room.seq, heard: room.seq },
		atEnd,
	);
	return null;
}

/** Every count that the rail shows while three messages come in. */
async function badgesWhile(atEnd: boolean): Promise<string[]> {
	const server = serverOf({ "read.mark": () => ({}) });
	const room = roomOf({ messages: 1, read_number: 1, seq: 1 });
	server.options.rpc = { ...server.options.rpc, "room.list": () => ({ rooms: [room] }) };
	const { container } = await inChat(server, railBeside(<Reader atEnd={atEnd} />));
	await settled();
	const badges: string[] = [];
	const watch = new MutationObserver(() => {
		const badge = container.querySelector(".badge")?.textContent;
		if (badge && badge !== badges.at(-1)) badges.push(badge);
	});
	watch.observe(container, { subtree: true, childList: true, characterData: true });
	for (const number of [2, 3, 4]) {
		const message = messageOf(number);
		await act(async () => server.publish("room:r", { type: "message.sent", room_id: "r", seq: number, message }));
		await settled();
	}
	watch.disconnect();
	return badges;
}

test("a room whose end is looked at counts nothing as unread", async () => {
	expect(await badgesWhile(true)).toEqual([]);
});

test("a room that is read further up counts what comes in", async () => {
	expect(await badgesWhile(false)).toEqual(["1", "2", "3"]);
});

test("until the rooms are known the rail says that they are on their way", async () => {
	let answer = (_: unknown) => {};
	const server = serverOf({ "room.list": () => new Promise((resolve) => (answer = resolve)) });
	await inChat(server, railBeside());
	expect(screen.getByRole("status", { name: "Loading" })).toBeTruthy();
	await act(async () => answer({ rooms: [roomOf()] }));
	await settled();
	expect(screen.queryByRole("status", { name: "Loading" })).toBeNull();
	expect(screen.getByRole("link", { name: /Ridge/ })).toBeTruthy();
});

test("what the rail opens stands outside of it, so that a narrow window can't hide it", async () => {
	HTMLDialogElement.prototype.showModal ??= function () {
		this.open = true;
	};
	HTMLDialogElement.prototype.close ??= function () {
		this.open = false;
	};
	await inChat(serverOf(), railBeside());
	act(() => screen.getByRole("button", { name: "New room" }).click());
	expect(screen.getByRole("dialog", { name: "New room" }).closest("nav")).toBeNull();
});

test("a notice without its event was missed while away: the counts are read again", async () => {
	let room = roomOf({ messages: 1, read_number: 1, seq: 1 });
	const server = serverOf({ "room.list": () => ({ rooms: [room] }) });
	await inChat(server, railBeside());
	await settled();
	room = roomOf({ messages: 2, read_number: 1, seq: 2, unread: 1 });
	const notice = { type: "message.notice", room_id: "r", seq: 2, message_id: "m2", number: 2 };
	await act(async () => server.publish("room:r", notice));
	await settled();
	expect(screen.getByRole("img", { name: "1 unread" })).toBeTruthy();
});

test("an invitation says who asks, and leaves when it was declined", async () => {
	const invitation = {
		room_id: "x",
		kind: "private",
		name: "Valley",
		topic: "",
		members: 1,
		by: bob,
		at: "2026-01-01T10:00:00Z",
	};
	const declined: unknown[] = [];
	const server = serverOf({
		"invitation.list": () => ({ invitations: [invitation] }),
		"invitation.decline": (ref) => {
			declined.push(ref);
			return {};
		},
	});
	await inChat(server, railBeside());
	await settled();
	expect(screen.getByText("Bob (@bob) invites you.")).toBeTruthy();
	await act(async () => screen.getByRole("button", { name: "Decline Valley" }).click());
	await settled();
	expect(declined).toEqual([{ room_id: "x" }]);
});

test("a message in one of fifty rooms draws one row", async () => {
	const rooms = Array.from({ length: 50 }, (_, i) => roomOf({ id: `r${i}`, name: `Ridge ${i}` }));
	const server = serverOf({ "room.list": () => ({ rooms }) });
	const { container } = await inChat(server, railBeside());
	await settled();
	expect(container.querySelectorAll("a.room").length).toBe(50); // a search by role takes seconds here
	drawn.mockClear();
	const message = messageOf(1, { room_id: "r7" });
	await act(async () => server.publish("room:r7", { type: "message.sent", room_id: "r7", seq: 1, message }));
	await settled();
	expect(container.querySelector(".badge")?.closest("a")?.textContent).toContain("Ridge 7");
	expect([...new Set(drawn.mock.calls.map(([room]) => room))]).toEqual(["r7"]);
});
