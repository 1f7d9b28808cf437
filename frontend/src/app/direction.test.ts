import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const src = join(import.meta.dirname, "..");

/** Which room of the house a path lies in: `features/demo`, `ui`, `app`… */
function roomOf(path: string): string {
	const [first = "", second = ""] = relative(src, path).split("/");
	return first === "features" ? `features/${second}` : first;
}

function importsOf(file: string): string[] {
	const found = readFileSync(file, "utf8").matchAll(/from "(\.[^"]*)"/g);
	return [...found].map((match) => join(dirname(file), match[1] ?? ""));
}

const files = readdirSync(src, { recursive: true, encoding: "utf8" })
	.filter((name) => /\.tsx?$/.test(name) && !name.includes(".test."))
	.map((name) => join(src, name));

test("features import neither each other nor the app; shared rooms import no feature", () => {
	expect(files.length).toBeGreaterThan(10);
	const wrong = files.flatMap((file) =>
		importsOf(file)
			.filter((target) => !relative(src, target).startsWith(".."))
			.filter((target) => {
				const [from, to] = [roomOf(file), roomOf(target)];
				if (from === to || from === "app" || from === "main.tsx") return false;
				return to === "app" || to.startsWith("features/");
			})
			.map((target) => `${relative(src, file)} imports ${relative(src, target)}`),
	);
	expect(wrong).toEqual([]);
});
