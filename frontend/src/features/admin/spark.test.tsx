import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import { kept } from "./rates";
import { Spark } from "./spark";

function pointsOf(values: number[]): string[] {
	const { container } = render(<Spark values={values} />);
	return container.querySelector("polyline")?.getAttribute("points")?.split(" ") ?? [];
}

test("the latest value stands at the right, and the highest at the top", () => {
	expect(pointsOf([0, 10, 5])).toEqual([expect.any(String), expect.stringMatching(/,1\.0$/), "120.0,10.0"]);
});

test("a full line begins at the left, and one below 1 a second stays low", () => {
	const points = pointsOf(Array.from({ length: kept }, () => 0.5));
	expect(points[0]).toBe("0.0,10.0");
	expect(points).toHaveLength(kept);
});
