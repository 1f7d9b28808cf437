/** By which column a table is sorted, and which way. */
export interface Order {
	column: string;
	descending: boolean;
}

/** A copy in the order of a value of each; equal ones stay as they were. */
export function sorted<T>(rows: readonly T[], value: (row: T) => string | number, descending: boolean): T[] {
	const direction = descending ? -1 : 1;
	return [...rows].sort((one, other) => {
		const [a, b] = [value(one), value(other)];
		if (typeof a === "number" && typeof b === "number") return direction * (a - b);
		return direction * String(a).localeCompare(String(b), undefined, { numeric: true });
	});
}

/** Those in which every word of a search stands somewhere. */
export function matching<T>(rows: readonly T[], search: string, text: (row: T) => string): T[] {
	const words = search.toLowerCase().split(/\s+/).filter(Boolean);
	return rows.filter((row) => {
		const where = text(row).toLowerCase();
		return words.every((word) => where.includes(word));
	});
}
