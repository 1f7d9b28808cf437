import { expect, test } from "vitest";
import { complete, mentionAt } from "./mention";

test("finds a name that is being written, and no address of mail", () => {
	expect(mentionAt("hello @al", 9)).toEqual({ from: 6, to: 9, query: "al" });
	expect(mentionAt("write to a@b", 12)).toBeNull();
	expect(mentionAt("@bob said", 9)).toBeNull();
});

test("writes the name out and leaves the rest of the text", () => {
	const start = mentionAt("hi @al there", 6);
	expect(start && complete("hi @al there", start, "alice")).toEqual({ text: "hi @alice there", cursor: 10 });
});
