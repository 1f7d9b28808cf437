import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import Markdown from "./markdown";
import { isTame } from "./tame";

/** As long as a message may be, made of one part again and again. */
const full = (part: string) => part.repeat(Math.floor(4000 / [...part].length));
const wide = (count: number) => `${"|a".repeat(count)}|\n${"|-".repeat(count)}|\n`;

/** Every construct that stands in itself, or is larger than it was written. */
const wild: [string, string][] = [
	["quotes", full(">")],
	["quotes with space", full("> ")],
	["quotes after a word", `look:\n${">".repeat(3900)}x`],
	["lists", full("- ")],
	["lists with plus", full("+ ")],
	["lists with star", full("* ")],
	["numbered lists", full("1. ")],
	["numbered lists with brackets", full("1) ")],
	["quotes and lists", full("> - ")],
	["footnotes", full("[^a]: ")],
	["emphasis", `${"*a ".repeat(900)}${"a*".repeat(600)}`],
	["strong emphasis", `${"*".repeat(1999)}a${"*".repeat(1999)}`],
	["emphasis of both kinds", `${"*_".repeat(999)}a${"_*".repeat(999)}`],
	["strikes", `${"~a ".repeat(900)}${"a~".repeat(600)}`],
	["brackets", full("[")],
	["pictures in pictures", `${"![".repeat(900)}${"](x)".repeat(500)}`],
	["a wide table", wide(900)],
	["a wide table with empty rows", wide(300) + "|\n".repeat(1300)],
];

test.each(wild)("H329 %s are shown as they were written", (_, text) => {
	expect(text.length).toBeGreaterThan(3000);
	expect(isTame(text)).toBe(false);
});

/** Just within the bounds, in the worst ways. */
const heavy: [string, string][] = [
	["quotes", `${"> ".repeat(10)}x`],
	["lists in lists", Array.from({ length: 60 }, (_, i) => `${" ".repeat(2 * i)}- x`).join("\n")],
	["lists of lists in lists", Array.from({ length: 16 }, (_, i) => " ".repeat(20 * i) + "- ".repeat(10)).join("\n")],
	["emphasis", `${"*a ".repeat(150)}${"a*".repeat(150)}`],
	["strong emphasis", `${"*".repeat(150)}a${"*".repeat(150)}`],
	["pictures in pictures", `${"![".repeat(290)}${"](x)".repeat(290)}`],
	["a table", wide(40) + "|\n".repeat(40)],
	["code", full("`a``")],
	["addresses", full("a@a.a ")],
	["tags", full("<a>")],
	["lines", full("-\n")],
];

test.each(heavy)("H329 %s at the bound can be drawn", (_, text) => {
	expect(isTame(text)).toBe(true);
	const page = render(<Markdown text={text} />).container;
	expect(page.querySelectorAll("*").length).toBeLessThan(5000);
});

test.each([
	"Good morning. Is the **pass** open?\n- snow above 1,800 m\n- wind from the _west_",
	"> > > you said\n> > I said",
	"-------------------------\n***********",
	"|a|b|\n|-|-|\n|1|2|",
	"```\nfoo_bar_baz | grep x | wc -l\n```",
	`1. ${"a line. ".repeat(400)}`,
])("what people write is markdown: %j", (text) => expect(isTame(text)).toBe(true));
