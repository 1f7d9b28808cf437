import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FakeServer } from "../testing";
import { defaultLimits } from "../testing/limits";

/** The default of a limit, from the hub's own table. */
function hubLimit(field: string): number {
	const source = readFileSync(join(import.meta.dirname, "../../../realtime/limits_table.go"), "utf8");
	const [, value = "", , shift = "0"] =
		source.match(new RegExp(`\\{Name: "${field}", .*, Default: ([\\d_]+)( << (\\d+))?\\}`)) ?? [];
	return Number(value.replaceAll("_", "")) * 2 ** Number(shift);
}

test.each(Object.entries(defaultLimits))("the fake server's %s is that of the hub", (name, value) => {
	expect(hubLimit(name[0]?.toUpperCase() + name.slice(1))).toBe(value);
});

test("limits are set as on a hub", () => {
	const server = new FakeServer({ limits: { channels: 1 } });
	const heard: string[] = [];
	const { receive } = server.serve({ send: (text) => heard.push(text), close: (code) => heard.push(String(code)) });
	receive(`{"id":1,"connect":{}}`);
	receive(`{"id":2,"subscribe":{"channel":"a"}}\n{"id":3,"subscribe":{"channel":"b"}}`);
	expect(heard[1]?.split("\n")[1]).toBe('{"id":3,"error":{"code":106,"message":"limit exceeded"}}');
});
