import { expect, test } from "vitest";
import { compose, explain, parse } from "./wire";

test("H227 a prototype in pushed JSON is inert", () => {
	const heard = parse(
		'{"type":"broadcast","from":"bob","data":1,"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}',
	);
	expect(heard?.type).toBe("broadcast");
	expect(({} as { admin?: boolean }).admin).toBeUndefined();
});

test("what is no message is nothing", () => {
	for (const text of ["", "null", "7", "[]", '"type"', "{}", "{"]) expect(parse(text)).toBeNull();
});

test("composes what the server reads", () => {
	expect(compose("direct", "bob", 'a "quote"')).toBe('{"type":"direct","to":"bob","data":"a \\"quote\\""}');
	expect(compose("echo", "", "x")).toBe('{"type":"echo","data":"x"}');
});

test("has a sentence for every code, known or not", () => {
	expect(explain("unknown_user")).toBe("There is nobody of that name.");
	expect(explain("of tomorrow")).toBe("The server refused that message.");
});
