// @vitest-environment node
// jsdom has a Uint8Array of its own, which is not the one that TextEncoder makes.
import { describe, expect, it } from "vitest";
import { jsonInBytes } from "../index";

describe("JSON in bytes", () => {
	it.each([[null], [0], [""], ["grüezi 👋"], [[1, 2]], [{ text: "hi", at: { x: 1 } }]])(
		"carries %j both ways",
		(value) => {
			const bytes = jsonInBytes.encode(value);
			expect(bytes).toBeInstanceOf(Uint8Array);
			expect(jsonInBytes.decode(bytes)).toEqual(value);
		},
	);

	it("reads no bytes as nothing, which is how a payload that is not there arrives", () => {
		expect(jsonInBytes.decode(new Uint8Array())).toBeUndefined();
	});

	it("leaves alone what is no bytes", () => {
		expect(jsonInBytes.decode(undefined)).toBeUndefined();
		expect(jsonInBytes.decode({ already: "read" })).toEqual({ already: "read" });
	});

	it("throws on bytes that are no JSON", () => {
		expect(() => jsonInBytes.decode(new TextEncoder().encode("{"))).toThrow(SyntaxError);
	});
});
