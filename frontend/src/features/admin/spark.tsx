import { kept } from "./rates";

const [width, height] = [120, 20];

/** The line of a value over the time of the plots, so small that it fits a row. The number stands beside it. */
export function Spark({ values }: { values: readonly number[] }) {
	const top = Math.max(1, ...values);
	const first = kept - values.length;
	const points = values.map(
		(value, i) => `${xOf(first + i)},${(height - 1 - (value / top) * (height - 2)).toFixed(1)}`,
	);
	return (
		<svg className="spark" viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
			<polyline points={points.join(" ")} />
		</svg>
	);
}

const xOf = (moment: number) => ((moment / (kept - 1)) * width).toFixed(1);
