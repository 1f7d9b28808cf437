import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { colours, initialOf, tintOf } from "./face";

const person = (more = {}) => ({ id: "1", username: "alice", name: "Alice", ...more });

test("a tint is of the id alone, and few people share one", () => {
	expect(tintOf(person())).toEqual(tintOf(person({ name: "Somebody else" })));
	const given = Array.from({ length: 480 }, (_, id) => JSON.stringify(tintOf({ id: `01890000-0000-7000-8000-${id}` })));
	const shared = [...new Set(given)].map((tint) => given.filter((one) => one === tint).length);
	expect(shared.length).toBe(48);
	expect(Math.max(...shared)).toBeLessThan(30);
	expect(tintOf({ id: "alice" })).not.toEqual(tintOf({ id: "bob" }));
});

test("an initial is a whole letter or emoji, of the name or else the username", () => {
	expect(initialOf(person({ name: "éclair" }))).toBe("É");
	expect(initialOf(person({ name: "👩‍🚀 Ada" }))).toBe("👩‍🚀");
	expect(initialOf(person({ name: "" }))).toBe("A");
});

const style = (name: string) => readFileSync(join(import.meta.dirname, "../styles", name), "utf8");
const light = (token: string) =>
	[...style("tokens.css").matchAll(new RegExp(`${token}: (\\d+)%`, "g"))].map(([, value]) => Number(value) / 100);

/** Relative luminance of an OKLCH colour, clipped to sRGB (CSS Color 4; WCAG 2.2). */
function luminance(l: number, c: number, hue: number): number {
	const [a, b] = [c * Math.cos((hue * Math.PI) / 180), c * Math.sin((hue * Math.PI) / 180)];
	const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
	const middle = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
	const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
	const red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short;
	const green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short;
	const blue = -0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short;
	const within = (part: number) => Math.min(1, Math.max(0, part));
	return 0.2126 * within(red) + 0.7152 * within(green) + 0.0722 * within(blue);
}

test("every letter can be read on its tint, in both themes", () => {
	const hues = [...style("avatar.css").matchAll(/"(\w+)"\] \{\s*--hue: (\d+)/g)];
	expect(hues.map(([, name]) => name)).toEqual([...colours]);
	const [tints, letters] = [light("--tint"), light("--on-tint")];
	expect([tints.length, letters.length]).toEqual([2, 2]);
	for (const [theme, tint] of tints.entries())
		for (const [, name, hue] of [...hues, ...Array.from({ length: 24 }, (_, i) => ["", `hue ${15 * i}`, 15 * i])]) {
			const [one, other] = [luminance(tint, 0.055, Number(hue)), luminance(letters[theme] ?? 0, 0.09, Number(hue))];
			const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
			expect(contrast, `${name}, theme ${theme}`).toBeGreaterThan(4.5);
		}
});
