import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import Markdown from "./markdown";

const shown = (text: string) => render(<Markdown text={text} />).container;

test.each([
	"<img src=x onerror=alert(1)>",
	"a <b onclick=alert(1)>word</b> in the middle",
	"<script>alert(1)</script>",
	"<!-- hidden -->",
])("H215 %s stands there as it was written", (text) => {
	const page = shown(text);
	expect(page.textContent?.trim()).toBe(text);
	expect(page.querySelector("img, b, script")).toBeNull();
});

test.each(["[x](javascript:alert(1))", "[x](data:text/html,x)", "[x](vbscript:x)"])("H215 %s leads nowhere", (text) => {
	expect(shown(text).querySelector("a[href]")).toBeNull();
	expect(shown(text).textContent).toContain("x");
});

test("pictures of strangers are not loaded, and links tell them nothing", () => {
	expect(shown("![seen](https://example.invalid/seen.png)").querySelector("img")).toBeNull();
	const link = shown("https://example.invalid/").querySelector("a");
	expect([link?.rel, link?.target]).toEqual(["noopener noreferrer nofollow", "_blank"]);
});
