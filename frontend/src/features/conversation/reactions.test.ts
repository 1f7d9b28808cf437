import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { emojis } from "./emojis";

/** One emoji, as Unicode knows it; the sets of the flag v came after the language that the pages are written in. */
const flag = "v";
const one = new RegExp("^\\p{RGI_Emoji}$", flag);

const server = readFileSync(join(import.meta.dirname, "../../../../app/chat/emoji.txt"), "utf8")
	.split("\n")
	.filter(Boolean);

test("H332 the server's emoji are those of Unicode, each written in one way", () => {
	const strangers = server.filter((emoji) => !one.test(emoji));
	expect(strangers).toEqual([]);
	expect(new Set(server).size).toBe(server.length);
	// every single symbol that Unicode has as an emoji is among them
	for (let code = 0; code < 0x20000; code++) {
		const symbol = String.fromCodePoint(code);
		for (const emoji of [symbol, `${symbol}\ufe0f`])
			if (one.test(emoji)) expect(server, `U+${code.toString(16)}`).toContain(emoji);
	}
});

test("H332 every emoji that is offered is one of them", () => {
	expect(emojis.filter((emoji) => !server.includes(emoji))).toEqual([]);
});
