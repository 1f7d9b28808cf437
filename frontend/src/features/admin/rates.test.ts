import { expect, test } from "vitest";
import type { Connection, Node, Stats } from "../../../contract/http.gen";
import { kept, nothing, rate, ratesOf, take } from "./rates";

function stats(second: number, delivered: number): Stats {
	const at = new Date(second * 1000).toISOString();
	const busy = { name: "room:1", subscribers: 2, publications: delivered, per_second: delivered / 10 };
	const quiet = { ...busy, name: "room:2", per_second: 0 };
	return {
		at,
		connections: 3,
		channels: [busy, quiet],
		nodes: [nodeOf("a", delivered)],
	} as Partial<Stats> as Stats;
}
const nodeOf = (id: string, delivered: number) => ({ id, delivered }) as Node;
const trip = (round_trip_ms: number) => ({ round_trip_ms }) as Connection;

test("a rate is the growth of a counter in a second", () => {
	expect(rate(stats(10, 100), stats(12, 150), ({ delivered }) => delivered)).toBe(25);
});

test("after a restart of the server the rate is not known rather than negative", () => {
	expect(rate(stats(10, 100), stats(12, 4), ({ delivered }) => delivered)).toBeNull();
});

test("nodes that come and go leave the rate of the others as it is", () => {
	const of = (second: number, nodes: Node[]): Stats => ({ ...stats(second, 0), nodes });
	const delivered = (node: Node) => node.delivered;
	const before = of(10, [nodeOf("a", 100), nodeOf("b", 7), nodeOf("c", 900)]);
	const after = of(12, [nodeOf("a", 110), nodeOf("b", 9), nodeOf("c", 0), nodeOf("d", 5000)]);
	expect(rate(before, after, delivered)).toBe(6);
	expect(rate(before, of(12, [nodeOf("d", 5000)]), delivered)).toBeNull();
});

test("the same answer twice is one point", () => {
	const once = take(nothing, stats(10, 1), []);
	expect(take(once, stats(10, 1), [])).toBe(once);
});

test("a point has the middle and the longest round trip, without those not yet measured", () => {
	const { points } = take(nothing, stats(10, 1), [trip(0), trip(5), trip(90), trip(7)]);
	expect(points).toMatchObject([{ at: 10, connections: 3, delivered: null, middle: 7, longest: 90 }]);
	expect(take(nothing, stats(10, 1), [trip(0)]).points[0]).toMatchObject({ middle: null, longest: null });
});

test("a channel has its rate in each point, and none where it was quiet", () => {
	const series = take(take(nothing, stats(10, 5), []), stats(12, 20), []);
	expect(ratesOf(series, "room:1")).toEqual([0.5, 2]);
	expect(ratesOf(series, "room:2")).toEqual([0, 0]);
	expect(ratesOf(series, "nobody's")).toEqual([0, 0]);
});

test("a plot forgets what is older than it shows", () => {
	let series = nothing;
	for (let second = 0; second < kept + 20; second++) series = take(series, stats(second, second), []);
	expect(series.points).toHaveLength(kept);
	expect(series.points.at(-1)).toMatchObject({ at: kept + 19, delivered: 1 });
});
