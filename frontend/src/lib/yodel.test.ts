import { expectTypeOf, test } from "vitest";
import type { Said } from "../../contract/realtime.gen";
import { useChannel, useEphemeral, useRpc } from "./yodel";

/** Only the types are looked at: `tsc` fails where one of these is not so. */
const never = (_: () => void) => {};

test("a call takes what the server's Go type has, and nothing else", () => {
	never(() => {
		const { call, data } = useRpc("lobby.say");
		void call({ text: "hello" });
		expectTypeOf(data).toEqualTypeOf<Said | undefined>();
		// @ts-expect-error no field has this name
		void call({ txt: "hello" });
		// @ts-expect-error one field more than the server knows
		void call({ text: "hello", loud: true });
		// @ts-expect-error a text is no number
		void call({ text: 42 });
		// @ts-expect-error there is no such method
		useRpc("lobby.shout");
	});
});

test("a channel that the server does not have does not compile", () => {
	never(() => {
		useChannel("lobby", { onPublication: ({ data }) => expectTypeOf(data).toEqualTypeOf<Said>() });
		// @ts-expect-error there is no such channel
		useChannel("loby");
		useEphemeral("lobby:typing").send({ typing: true });
		// @ts-expect-error that is no yes or no
		useEphemeral("lobby:typing").send({ typing: "hello" });
	});
});
