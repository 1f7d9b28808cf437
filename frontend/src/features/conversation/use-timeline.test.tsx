import { act } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { FakeServer, FakeServerOptions } from "yodel-react/testing";
import type { History, HistoryQuery, Message, Sync } from "../../../contract/realtime.gen";
import { inChat, messageOf, roomOf, serverOf, settled } from "../../test/in-chat";
import { type UseTimeline, useTimeline } from "./use-timeline";

let shown: UseTimeline;
function Reader() {
	shown = useTimeline("r");
	return null;
}
const texts = () => shown.timeline.messages?.map(({ text }) => text);

const page = (messages: Message[], more: Partial<History> = {}): History => ({
	messages,
	seq: messages.at(-1)?.number ?? 0,
	has_before: false,
	has_after: false,
	...more,
});

/** Reads a room of a server that answers so. */
async function reads(rpc: FakeServerOptions["rpc"]): Promise<FakeServer> {
	const server = serverOf(rpc);
	await inChat(server, <Reader />);
	return server;
}

async function hears(server: FakeServer, number: number): Promise<void> {
	server.publish("room:r", { type: "message.sent", room_id: "r", seq: number, message: messageOf(number) });
	await settled();
}

test("the latest page is read once, and what is said follows it", async () => {
	const history = vi.fn(() => page([messageOf(1), messageOf(2)]));
	const server = await reads({ "room.history": history });
	expect(texts()).toEqual(["text 1", "text 2"]);
	await hears(server, 3);
	expect(texts()).toEqual(["text 1", "text 2", "text 3"]);
	expect(history).toHaveBeenCalledTimes(1);
});

test("where an event is missing, what has changed since is asked for", async () => {
	const changed: Sync = { messages: [messageOf(2), messageOf(3)], seq: 3, room: roomOf(), more: false };
	const sync = vi.fn(() => changed);
	const server = await reads({ "room.history": () => page([messageOf(1)]), "room.sync": sync });
	await hears(server, 3);
	expect(sync).toHaveBeenCalledTimes(1);
	expect(texts()).toEqual(["text 1", "text 2", "text 3"]);
});

test("who comes back after a cut asks what has changed, once, and shows it as caught up", async () => {
	const changed: Sync = { messages: [messageOf(2)], seq: 2, room: roomOf(), more: false };
	const sync = vi.fn(() => changed);
	const server = await reads({ "room.history": () => page([messageOf(1)]), "room.sync": sync });
	expect(sync).not.toHaveBeenCalled();
	server.cut();
	await vi.waitFor(() => expect(texts()).toEqual(["text 1", "text 2"]), 5000);
	await settled();
	expect(sync).toHaveBeenCalledTimes(1);
	expect(shown.catchingUp).toBe(false);
});

test("older messages come in above, asked for once at a time and while there are any", async () => {
	const history = vi.fn(({ before }: HistoryQuery) =>
		before ? page([messageOf(1)]) : page([messageOf(2)], { has_before: true }),
	);
	await reads({ "room.history": history as never });
	act(() => {
		shown.loadOlder();
		shown.loadOlder();
	});
	await settled();
	expect(texts()).toEqual(["text 1", "text 2"]);
	act(() => shown.loadOlder());
	await settled();
	expect(history.mock.calls.map(([{ before }]) => before)).toEqual([undefined, 2]);
});

test("messages that can't be read are told, and read when asked again", async () => {
	let away = true;
	await reads({
		"room.history": () => {
			if (away) throw { code: 100, message: "internal server error" };
			return page([messageOf(1)]);
		},
	});
	expect(shown.problem).toBe("The messages could not be read.");
	away = false;
	act(() => shown.retry());
	await settled();
	expect(shown.problem).toBe("");
	expect(texts()).toEqual(["text 1"]);
});

test("a room that is taken away is refused, and keeps what was read", async () => {
	const server = await reads({ "room.history": () => page([messageOf(1)]) });
	server.unsubscribe("room:r");
	await settled();
	expect(shown.refused).toBe(true);
	expect(texts()).toEqual(["text 1"]);
});
