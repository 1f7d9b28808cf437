import { lazy, Suspense, useMemo } from "react";
import type { Series } from "./rates";

// The plotting library comes when there is something to plot.
const Plot = lazy(() => import("./plot"));

const connections = [{ name: "open", colour: "--pine" }];
const deliveries = [{ name: "delivered", colour: "--glow" }];
const latency = [
	{ name: "middle", colour: "--pine" },
	{ name: "longest", colour: "--warning", dash: [4, 3] },
];

/** Connections, deliveries and round trips of the last minutes. */
export function Plots({ series: { points } }: { series: Series }) {
	const at = useMemo(() => points.map((point) => point.at), [points]);
	const of = (value: (point: (typeof points)[number]) => number | null) => points.map(value);
	return (
		<Suspense fallback={<div className="plots" />}>
			<div className="plots">
				<Plot title="Connections" unit="" lines={connections} data={[at, of((point) => point.connections)]} />
				<Plot title="Deliveries" unit="/s" lines={deliveries} data={[at, of((point) => point.delivered)]} />
				<Plot
					title="Round trip"
					unit="ms"
					lines={latency}
					data={[at, of((point) => point.middle), of((point) => point.longest)]}
				/>
			</div>
		</Suspense>
	);
}
