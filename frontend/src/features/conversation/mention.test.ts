import { expect, test } from "vitest";
import cases from "../../../../app/chat/testdata/mentions.json";
import { complete, mentionAt, namesIn } from "./mention";

// The same cases are run over the server's twin.
test.each(cases)("H332 who is named in $text", ({ text, names }) => expect(namesIn(text)).toEqual(names));

test.each([
	["hello @", true],
	["hello (@ka", true],
	["`see @ka", true],
	["`see @ka`", false],
	["```\n@ka", false],
	["a@ka", false],
	["example.com/@ka", false],
])("H332 a name is offered in %j where its owner would be told: %s", (text, is) => {
	const cursor = text.replace(/`$/, "").length;
	expect(mentionAt(text, cursor) !== null).toBe(is);
});

test("finds a name that is being written, and no address of mail", () => {
	expect(mentionAt("hello @al", 9)).toEqual({ from: 6, to: 9, query: "al" });
	expect(mentionAt("write to a@b", 12)).toBeNull();
	expect(mentionAt("@bob said", 9)).toBeNull();
});

test("writes the name out and leaves the rest of the text", () => {
	const start = mentionAt("hi @al there", 6);
	expect(start && complete("hi @al there", start, "alice")).toEqual({ text: "hi @alice there", cursor: 10 });
});
