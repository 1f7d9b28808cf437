import { act, render } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bearTranslation } from "./translated";

let end = () => {};
beforeEach(() => {
	end = bearTranslation();
});
afterEach(() => end());

/** Replaces every text by an element, as translators do. */
async function translate(page: Element, how: (text: Text, by: Element) => void) {
	const walker = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
	const texts: Text[] = [];
	while (walker.nextNode()) texts.push(walker.currentNode as Text);
	for (const text of texts) {
		const by = document.createElement("font");
		by.append(`«${text.data}»`);
		how(text, by);
	}
	await act(async () => {});
}

const ways: [string, (text: Text, by: Element) => void][] = [
	["in one step", (text, by) => text.replaceWith(by)],
	[
		"before it, then without it",
		(text, by) => {
			text.before(by);
			text.remove();
		},
	],
];

const Line = ({ names }: { names: string[] }) => (
	<p>
		{names.length === 1 && `${names[0]} is writing`}
		{names.length > 1 && `${names.join(", ")} are writing`} {names.length > 2 && <b>many</b>}
	</p>
);

test.each(ways)("H330 a page that is translated %s shows what is so, and nothing throws", async (_, how) => {
	const { container, rerender, unmount } = render(<Line names={["Bob"]} />);
	await translate(container, how);
	expect(container.textContent).toContain("«Bob is writing»");
	rerender(<Line names={["Eve"]} />);
	await act(async () => {});
	expect(container.textContent?.replace(/[«» ]+$/, "")).toBe("Eve is writing");
	await translate(container, how);
	rerender(<Line names={["Bob", "Eve", "Kai"]} />);
	await act(async () => {});
	expect(container.textContent).not.toContain("is writing");
	expect(container.querySelector("b")?.textContent).toBe("many");
	rerender(<Line names={[]} />);
	await act(async () => {});
	expect(container.textContent).not.toContain("writing");
	unmount();
});
