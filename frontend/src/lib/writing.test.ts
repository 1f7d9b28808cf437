import type { KeyboardEvent } from "react";
import { expect, test } from "vitest";
import { isComposing, writable } from "./writing";

const key = (more: KeyboardEventInit) =>
	({ nativeEvent: new KeyboardEvent("keydown", more) }) as unknown as KeyboardEvent;

test.each([
	["Chrome's, while it lasts", { key: "Enter", keyCode: 229, isComposing: true }, true],
	["Safari's, at its end", { key: "Enter", keyCode: 229, isComposing: false }, true],
	["Firefox's", { key: "Process", keyCode: 229, isComposing: true }, true],
	["Enter by itself", { key: "Enter", keyCode: 13, isComposing: false }, false],
	["Escape by itself", { key: "Escape", keyCode: 27, isComposing: false }, false],
])("H332 a key of a composition: %s", (_, more, is) => expect(isComposing(key(more))).toBe(is));

test.each([
	["a\u000bb", "a\nb"],
	["a\u000cb\u0085c\u2028d\u2029e", "a\nb\nc\nd\ne"],
	["a\r\nb\rc\nd\te", "a\nb\nc\nd\te"],
	["a\u0000b\u0007c\u007fd\u009fe", "abcde"],
	["a\ud800b", "a\ufffdb"],
	["👩‍🚀 שלום é", "👩‍🚀 שלום é"],
])("H332 %j is sent as %j", (text, sent) => expect(writable(text)).toBe(sent));

test("H332 nothing that the server forbids is left, of all characters", () => {
	for (let code = 0; code < 0x3000; code++) {
		const sent = writable(String.fromCodePoint(code));
		expect(/[^\P{Cc}\n\t]/u.test(sent), `U+${code.toString(16)}`).toBe(false);
	}
});
