import { expect, test, vi } from "vitest";
import { inChat, serverOf, settled } from "../../test/in-chat";
import { type Typing, useTyping } from "./use-typing";

let typing: Typing;
function Writer() {
	typing = useTyping("r");
	return null;
}

/** How many signs the others have got. */
async function signs() {
	const told = vi.fn(() => ({}));
	await inChat(serverOf({ "typing.set": told }), <Writer />);
	return {
		after: async (...keys: (keyof Typing)[]) => {
			for (const key of keys) typing[key]();
			await settled();
			return told.mock.calls.length;
		},
	};
}

test("a sign of writing goes out at the first key, and no other soon after", async () => {
	const { after } = await signs();
	expect(await after("goesOn", "goesOn", "goesOn")).toBe(1);
});

test("whoever writes on is announced again after a while", async () => {
	const { after } = await signs();
	const now = vi.spyOn(performance, "now");
	now.mockReturnValue(0);
	await after("goesOn");
	now.mockReturnValue(2499);
	expect(await after("goesOn")).toBe(1);
	now.mockReturnValue(2500);
	expect(await after("goesOn")).toBe(2);
	now.mockRestore();
});

test("the first key after a message gives a sign at once, for the message has ended the last one", async () => {
	const { after } = await signs();
	expect(await after("goesOn", "over", "goesOn")).toBe(2);
});
