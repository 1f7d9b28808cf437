import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { type Column, DataTable } from "./data-table";
import { matching } from "./sorted";

interface Row {
	name: string;
	count: number;
}
const columns: Column<Row>[] = [
	{ name: "Name", show: ({ name }) => name, by: ({ name }) => name, head: true },
	{ name: "Count", show: ({ count }) => count, by: ({ count }) => count, numeric: true },
	{ name: "Actions", show: ({ name }) => <button type="button">End {name}</button> },
];
const some = [
	{ name: "one", count: 10 },
	{ name: "two", count: 9 },
	{ name: "three", count: 100 },
];

function Table({ rows }: { rows: Row[] }) {
	return <DataTable label="Rows" columns={columns} rows={rows} keyOf={({ name }) => name} empty="None." />;
}
const names = () => screen.getAllByRole("rowheader").map((cell) => cell.textContent);
const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });

test("a click on a head sorts, the next one turns it round, and numbers are sorted as numbers", () => {
	render(<Table rows={some} />);
	expect(names()).toEqual(["one", "two", "three"]);
	fireEvent.click(screen.getByRole("button", { name: /Count/ }));
	expect(names()).toEqual(["two", "one", "three"]);
	fireEvent.click(screen.getByRole("button", { name: /Count/ }));
	expect(names()).toEqual(["three", "one", "two"]);
	expect(screen.getByRole("columnheader", { name: /Count/ }).getAttribute("aria-sort")).toBe("descending");
});

test("the table is one stop of the Tab key, and arrows move within it", () => {
	render(<Table rows={some} />);
	const stops = () => [...screen.getByRole("grid").querySelectorAll<HTMLElement>("[tabindex='0']")];
	expect(stops()).toHaveLength(1);
	stops()[0]?.focus();
	expect(document.activeElement?.textContent).toBe("one");
	press("ArrowDown");
	press("End");
	expect(document.activeElement?.textContent).toBe("End two");
	expect(stops()).toEqual([document.activeElement]);
	press("ArrowUp");
	expect(document.activeElement?.textContent).toBe("End one");
});

test("where the focused row goes, the next one has the focus", () => {
	const { rerender } = render(<Table rows={some} />);
	screen.getByRole("button", { name: "End two" }).focus();
	rerender(<Table rows={some.filter(({ name }) => name !== "two")} />);
	expect(document.activeElement?.textContent).toBe("End three");
});

test("an empty table says what there is to do", () => {
	render(<Table rows={[]} />);
	expect(screen.getByText("None.")).toBeTruthy();
});

test("a search finds rows that have all of its words", () => {
	expect(matching(some, "T E", ({ name }) => name).map(({ name }) => name)).toEqual(["three"]);
	expect(matching(some, "  ", ({ name }) => name)).toHaveLength(3);
});
