import { type FocusEvent, type KeyboardEvent, type RefObject, useLayoutEffect, useRef } from "react";

const inside = "button, a[href], select, input";

/** What can have the focus in a row: what stands in its cells, or the cell where that is text. */
function stopsOf(row: HTMLTableRowElement): HTMLElement[] {
	return [...row.cells].flatMap((cell) => {
		const found = [...cell.querySelectorAll<HTMLElement>(inside)];
		return found.length > 0 ? found : [cell];
	});
}

const clamp = (value: number, most: number) => Math.max(0, Math.min(value, most));

/** Where a key leads from a place, null for keys that lead nowhere. */
export function leads(
	event: { key: string; ctrlKey: boolean },
	at: { row: number; stop: number },
	rows: number,
): { row: number; stop: number } | null {
	const far = Number.MAX_SAFE_INTEGER;
	const page = 10;
	switch (event.key) {
		case "ArrowDown":
			return { ...at, row: at.row + 1 };
		case "ArrowUp":
			return { ...at, row: at.row - 1 };
		case "PageDown":
			return { ...at, row: at.row + page };
		case "PageUp":
			return { ...at, row: at.row - page };
		case "ArrowRight":
			return { ...at, stop: at.stop + 1 };
		case "ArrowLeft":
			return { ...at, stop: at.stop - 1 };
		case "Home":
			return { row: event.ctrlKey ? 0 : at.row, stop: 0 };
		case "End":
			return { row: event.ctrlKey ? rows - 1 : at.row, stop: far };
	}
	return null;
}

/**
 * Makes a table one stop of the Tab key, in which the arrows, Home, End and the page
 * keys move the focus. Where the focused row goes, the one in its place has the focus.
 */
export function useGrid(): {
	ref: RefObject<HTMLTableElement | null>;
	onKeyDown: (event: KeyboardEvent) => void;
	onFocus: (event: FocusEvent) => void;
	onBlur: (event: FocusEvent) => void;
} {
	const ref = useRef<HTMLTableElement>(null);
	const at = useRef({ row: 1, stop: 0 });
	const held = useRef(false);

	const rowsOf = () => [...(ref.current?.rows ?? [])];
	const here = (): HTMLElement | undefined => {
		const rows = rowsOf();
		const row = rows[clamp(at.current.row, rows.length - 1)];
		const stops = row ? stopsOf(row) : [];
		return stops[clamp(at.current.stop, stops.length - 1)];
	};
	const mark = () => {
		const current = here();
		for (const row of rowsOf()) for (const stop of stopsOf(row)) if (stop !== current) stop.tabIndex = -1;
		if (current) current.tabIndex = 0;
	};
	useLayoutEffect(() => {
		mark();
		const lost = held.current && !ref.current?.contains(document.activeElement);
		if (lost && document.activeElement === document.body) here()?.focus();
	});

	return {
		ref,
		onKeyDown(event) {
			const to = leads(event, at.current, rowsOf().length);
			if (!to) return;
			event.preventDefault();
			const rows = rowsOf();
			const row = clamp(to.row, rows.length - 1);
			const stops = rows[row] ? stopsOf(rows[row]) : [];
			at.current = { row, stop: clamp(to.stop, stops.length - 1) };
			here()?.focus();
		},
		onFocus(event) {
			held.current = true;
			rowsOf().forEach((row, index) => {
				const stop = stopsOf(row).indexOf(event.target as HTMLElement);
				if (stop >= 0) at.current = { row: index, stop };
			});
			mark();
		},
		onBlur(event) {
			// without a next one the focused element has gone, or the page has lost the focus
			if (event.relatedTarget) held.current = false;
		},
	};
}
