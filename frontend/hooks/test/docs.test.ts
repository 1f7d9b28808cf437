import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as library from "../index";
import * as kit from "../testing";

const root = join(import.meta.dirname, "..");
const sources = [root, join(root, "testing")]
	.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
	.filter((file) => /\.tsx?$/.test(file))
	.map((file) => readFileSync(file, "utf8"));

/** The comment over an exported declaration. */
function commentOf(name: string): string {
	const declared = new RegExp(
		`(/\\*\\*(?:(?!\\*/)[\\s\\S])*\\*/)\\nexport (?:async )?(?:function|class|const|interface|type) ${name}\\b`,
	);
	return sources.map((source) => declared.exec(source)?.[1]).find((comment) => comment !== undefined) ?? "";
}

/** The types that an index exports. */
function typesOf(index: string): string[] {
	const source = readFileSync(join(root, index), "utf8");
	return [...source.matchAll(/\btype (\w+)(?=[,\s}])|export type \{([^}]*)\}/g)].flatMap(([, one, several]) =>
		one ? [one] : (several ?? "").split(",").map((name) => name.trim()),
	);
}

test.each([...Object.keys(library), ...Object.keys(kit)])("%s is documented with an example", (name) => {
	expect(commentOf(name)).toContain("@example");
});

test.each([...typesOf("index.ts"), ...typesOf("testing/index.ts")].filter(Boolean))(
	"the type %s is documented",
	(name) => {
		expect(commentOf(name)).toMatch(/\/\*\*/);
	},
);
