import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { keptIn } from "./kept";

const forbidden = () => {
	throw new DOMException("Access is denied for this document.", "SecurityError");
};
const full = () =>
	Object.assign(Object.create(Storage.prototype) as Storage, {
		getItem: () => null,
		setItem: () => {
			throw new DOMException("full", "QuotaExceededError");
		},
		removeItem: () => {},
	});

test.each([
	["forbidden", forbidden],
	["full", full],
	["the browser's", () => localStorage],
])("H330 a storage that is %s keeps a text as long as the page", (_, open) => {
	const kept = keptIn(open);
	kept.setItem("draft", "hello");
	expect([kept.getItem("draft"), kept.names().includes("draft")]).toEqual(["hello", true]);
	kept.setItem("draft", "hello again");
	expect(kept.getItem("draft")).toBe("hello again");
	kept.removeItem("draft");
	expect([kept.getItem("draft"), kept.names().includes("draft")]).toEqual([null, false]);
});

test("H330 a storage that is there again has what comes, and nothing older hides it", () => {
	let open: () => Storage = forbidden;
	const kept = keptIn(() => open());
	kept.setItem("draft", "before");
	open = () => localStorage;
	kept.setItem("draft", "after");
	expect([kept.getItem("draft"), localStorage.getItem("draft")]).toEqual(["after", "after"]);
});

test("H330 nothing else in the pages touches the browser's storage", () => {
	const root = join(import.meta.dirname, "..");
	const sources = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
		(name) => /\.tsx?$/.test(name) && !/\.test\.|lib\/kept\.ts$/.test(name),
	);
	expect(sources.length).toBeGreaterThan(100);
	const touching = sources.filter((name) =>
		/\b(localStorage|sessionStorage|indexedDB)\b|document\.cookie/.test(readFileSync(join(root, name), "utf8")),
	);
	expect(touching).toEqual([]);
});
