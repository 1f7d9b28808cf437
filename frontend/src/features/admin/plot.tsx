import { useEffect, useRef } from "react";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";

interface Line {
	name: string;
	/** The custom property that has its colour. */
	colour: string;
	dash?: number[];
}

interface Plotted {
	title: string;
	/** Behind each value, such as "ms". */
	unit: string;
	lines: Line[];
	/** Moments in seconds, then the values of each line. */
	data: UPlot.AlignedData;
}

const height = 130;
const shownSeconds = 300;

/** A small plot. What it shows now stands above it in words, for those who don't see it. */
export default function Plot({ title, unit, lines, data }: Plotted) {
	const frame = useRef<HTMLDivElement>(null);
	const plot = useRef<UPlot | null>(null);
	const first = useRef({ lines, data });
	useEffect(() => {
		const parent = frame.current;
		if (!parent) return;
		const draw = () => {
			plot.current?.destroy();
			plot.current = new UPlot(optionsFor(parent, first.current.lines), first.current.data, parent);
		};
		draw();
		const wide = new ResizeObserver(() => plot.current?.setSize({ width: parent.clientWidth, height }));
		wide.observe(parent);
		const theme = matchMedia("(prefers-color-scheme: dark)");
		theme.addEventListener("change", draw);
		return () => {
			wide.disconnect();
			theme.removeEventListener("change", draw);
			plot.current?.destroy();
			plot.current = null;
		};
	}, []);
	useEffect(() => {
		first.current = { lines, data };
		plot.current?.setData(data);
	}, [lines, data]);
	return (
		<figure className="plot">
			<figcaption>
				<b>{title}</b>
				{lines.map((line, index) => (
					<span key={line.name}>
						{line.name} {latest(data[index + 1], unit)}
					</span>
				))}
			</figcaption>
			<div ref={frame} className="plot-frame" aria-hidden="true" />
		</figure>
	);
}

function latest(values: UPlot.AlignedData[number] | undefined, unit: string): string {
	const value = values?.at(-1);
	return typeof value === "number" ? `${value.toFixed(unit ? 1 : 0)} ${unit}`.trim() : "not yet";
}

function optionsFor(parent: HTMLElement, lines: Line[]): UPlot.Options {
	const style = getComputedStyle(parent);
	const token = (name: string) => style.getPropertyValue(name).trim();
	const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
	const axis = {
		stroke: token("--ink-quiet"),
		grid: { stroke: token("--hairline"), width: 1 },
		ticks: { show: false },
	};
	return {
		width: parent.clientWidth,
		height,
		legend: { show: false },
		cursor: { show: false },
		scales: {
			x: { range: (_plot, _from, to) => [to - shownSeconds, to] },
			y: { range: (_plot, _low, high) => [0, Math.max(1, (high ?? 0) * 1.1)] },
		},
		axes: [
			{
				...axis,
				space: 60,
				values: (_plot, moments) => moments.map((at) => clock.format(at * 1000)),
				incrs: [60, 120],
			},
			{ ...axis, size: 44, space: 30 },
		],
		series: [
			{},
			...lines.map(({ name, colour, dash }) => ({
				label: name,
				stroke: token(colour),
				width: 1.5,
				points: { show: false },
				...(dash ? { dash } : {}),
			})),
		],
	};
}
