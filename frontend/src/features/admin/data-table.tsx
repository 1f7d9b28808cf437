import { type ReactNode, useState } from "react";
import { type Order, sorted } from "./sorted";
import { useGrid } from "./use-grid";

/** One column of a table. */
export interface Column<T> {
	name: string;
	show: (row: T) => ReactNode;
	/** What it is sorted by; without it the column does not sort. */
	by?: (row: T) => string | number;
	numeric?: boolean;
	/** The first column names its row. */
	head?: boolean;
}

interface Table<T> {
	label: string;
	columns: Column<T>[];
	rows: readonly T[];
	keyOf: (row: T) => string;
	/** What is said where there is no row. */
	empty: string;
	order?: Order;
}

/** A dense table with a sticky head, sorted by its head, walked with the arrow keys. */
export function DataTable<T>({ label, columns, rows, keyOf, empty, order: first }: Table<T>) {
	const [order, setOrder] = useState<Order | undefined>(first);
	const grid = useGrid();
	const by = columns.find((column) => column.name === order?.column)?.by;
	const shown = by && order ? sorted(rows, by, order.descending) : rows;
	const turn = (column: string) =>
		setOrder({ column, descending: order?.column === column ? !order.descending : false });
	return (
		<div className="table-frame">
			{/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the keys of a grid, on a table */}
			<table role="grid" aria-label={label} {...grid}>
				<thead>
					<tr>
						{columns.map((column) => (
							<th
								key={column.name}
								scope="col"
								className={column.numeric ? "number" : undefined}
								aria-sort={directionOf(order, column.name)}
							>
								{column.by ? (
									<button type="button" className="sort" onClick={() => turn(column.name)}>
										{column.name}
										<span aria-hidden="true">{arrowOf(order, column.name)}</span>
									</button>
								) : (
									column.name
								)}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{shown.map((row) => (
						<tr key={keyOf(row)}>
							{columns.map((column) => {
								const Cell = column.head ? "th" : "td";
								return (
									<Cell
										key={column.name}
										scope={column.head ? "row" : undefined}
										className={column.numeric ? "number" : undefined}
									>
										{column.show(row)}
									</Cell>
								);
							})}
						</tr>
					))}
				</tbody>
			</table>
			{rows.length === 0 && <p className="empty">{empty}</p>}
		</div>
	);
}

function directionOf(order: Order | undefined, column: string): "ascending" | "descending" | undefined {
	if (order?.column !== column) return undefined;
	return order.descending ? "descending" : "ascending";
}

function arrowOf(order: Order | undefined, column: string): string {
	if (order?.column !== column) return " ";
	return order.descending ? "↓" : "↑";
}
