import type { Connection, Node, Stats } from "../../../contract/http.gen";

/** What the plots show of one moment. */
export interface Point {
	/** In seconds since the epoch. */
	at: number;
	connections: number;
	/** Publications handed over in a second; null where it is not known. */
	delivered: number | null;
	/** The middle and the longest round trip in milliseconds; null without a measurement. */
	middle: number | null;
	longest: number | null;
	/** Publications a second, by channel; the quiet ones are left out. */
	rates: ReadonlyMap<string, number>;
}

/** What was read so far: the counters to take the next rate from, and the points. */
export interface Series {
	last: Stats | null;
	points: readonly Point[];
}

export const nothing: Series = { last: null, points: [] };

/** How many points a plot keeps: five minutes at one in two seconds. */
export const kept = 150;

/** Takes another answer into the series. The same one twice changes nothing. */
export function take(series: Series, stats: Stats, connections: readonly Connection[]): Series {
	const { last, points } = series;
	if (last?.at === stats.at) return series;
	const trips = connections.map(({ round_trip_ms }) => round_trip_ms).filter((ms) => ms > 0);
	const point: Point = {
		at: Date.parse(stats.at) / 1000,
		connections: stats.connections,
		delivered: last && rate(last, stats, ({ delivered }) => delivered),
		middle: middleOf(trips),
		longest: trips.length > 0 ? Math.max(...trips) : null,
		rates: new Map(stats.channels.filter((one) => one.per_second > 0).map((one) => [one.name, one.per_second])),
	};
	return { last: stats, points: [...points.slice(1 - kept), point] };
}

/** The publications a second of one channel, point for point. */
export function ratesOf({ points }: Series, channel: string): number[] {
	return points.map(({ rates }) => rates.get(channel) ?? 0);
}

/**
 * How much a counter grew in a second, on all nodes that are in both answers and did not begin anew in between; null
 * where there is none.
 */
export function rate(before: Stats, after: Stats, counter: (node: Node) => number): number | null {
	const seconds = (Date.parse(after.at) - Date.parse(before.at)) / 1000;
	const was = new Map(before.nodes.map((node) => [node.id, counter(node)]));
	const grown = after.nodes
		.map((node) => counter(node) - (was.get(node.id) ?? Number.POSITIVE_INFINITY))
		.filter((growth) => growth >= 0);
	return seconds > 0 && grown.length > 0 ? grown.reduce((sum, growth) => sum + growth) / seconds : null;
}

function middleOf(values: number[]): number | null {
	const ordered = [...values].sort((a, b) => a - b);
	return ordered[Math.floor(ordered.length / 2)] ?? null;
}
