import { expectTypeOf, test } from "vitest";
import { createYodel, type EventOf, type InputOf, type Publication, type RpcError } from "../index";

interface Said {
	kind: "said";
	text: string;
}
interface Typing {
	at: number;
}
interface Chat {
	rpc: {
		"message.send": { in: { room: string; text: string }; out: { id: string } };
		"room.leave": { in: { room: string }; out: null };
	};
	channels: {
		lobby: { from: string };
		"room:{id}": Said;
		"room:{id}:typing": Typing;
		"user:{id}:room:{room}": number;
		"doc:{path...}": Date;
		"log:{app}:{path...}": RegExp;
	};
	messages: { announcement: string };
}

const yodel = createYodel<Chat>();

/** Only the types are looked at: `tsc` fails where one of these is not so. */
const never = (_: () => void) => {};

test("a call knows what it takes and answers", () => {
	never(() => {
		const send = yodel.useRpc("message.send");
		expectTypeOf(send.call).parameter(0).toEqualTypeOf<{ room: string; text: string }>();
		expectTypeOf(send.call).returns.resolves.toEqualTypeOf<{ id: string }>();
		expectTypeOf(send.data).toEqualTypeOf<{ id: string } | undefined>();
		expectTypeOf(send.error).toEqualTypeOf<RpcError | null>();
		// @ts-expect-error there is no such method
		yodel.useRpc("message.sent");
		// @ts-expect-error the text is missing
		void send.call({ room: "42" });
	});
});

test("a channel's name finds its pattern, segment by segment", () => {
	expectTypeOf<EventOf<Chat, "room:42">>().toEqualTypeOf<Said>();
	expectTypeOf<EventOf<Chat, "room:42:typing">>().toEqualTypeOf<Typing>();
	expectTypeOf<EventOf<Chat, "lobby">>().toEqualTypeOf<{ from: string }>();
	expectTypeOf<EventOf<Chat, "user:1:room:2">>().toEqualTypeOf<number>();
	expectTypeOf<EventOf<Chat, `room:${string}`>>().toEqualTypeOf<Said>();
	expectTypeOf<EventOf<Chat, "doc:a">>().toEqualTypeOf<Date>();
	expectTypeOf<EventOf<Chat, "doc:a:b:c">>().toEqualTypeOf<Date>();
	expectTypeOf<EventOf<Chat, `doc:${string}`>>().toEqualTypeOf<Date>();
	expectTypeOf<EventOf<Chat, "log:web:2026:12">>().toEqualTypeOf<RegExp>();
	expectTypeOf<EventOf<Chat, "room:42:other">>().toEqualTypeOf<never>();
	expectTypeOf<InputOf<Chat, "room.leave">>().toEqualTypeOf<{ room: string }>();
});

test("a channel's events reach reducer and callback with their type", () => {
	never(() => {
		const room = yodel.useChannel("room:42", {
			initial: [] as string[],
			reduce: (all, { data }) => {
				expectTypeOf(data).toEqualTypeOf<Said>();
				return [...all, data.text];
			},
			onPublication: (publication) => expectTypeOf(publication).toEqualTypeOf<Publication<Said>>(),
		});
		expectTypeOf(room.value).toEqualTypeOf<string[]>();
		const id = "42" as string;
		yodel.useChannel(`room:${id}`, { onPublication: ({ data }) => expectTypeOf(data.text).toBeString() });
		yodel.useChannel(null);
		// @ts-expect-error there is no such channel
		yodel.useChannel("rooms:42");
		// @ts-expect-error nor such a presence
		yodel.usePresence("hall");
	});
});

test("messages and ephemeral states are typed", () => {
	never(() => {
		yodel.useBroadcast((message) => expectTypeOf(message).toEqualTypeOf<{ announcement: string }>());
		const { others, send } = yodel.useEphemeral("room:42:typing");
		expectTypeOf(send).parameter(0).toEqualTypeOf<Typing | null>();
		expectTypeOf(others[0]?.data).toEqualTypeOf<Typing | undefined>();
	});
});
