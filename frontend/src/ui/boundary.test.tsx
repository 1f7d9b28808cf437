import { fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PartMissing } from "../lib/part";
import { Boundary } from "./boundary";
import { PageTrouble } from "./page-trouble";

const told = vi.spyOn(console, "error");
beforeEach(() => {
	told.mockReset().mockImplementation(() => {});
});
afterEach(() => told.mockReset());

/** Something that breaks for as long as there is a reason. */
function shown(reason: { now: Error | null }) {
	const Part = () => {
		if (reason.now) throw reason.now;
		return <p>all is well</p>;
	};
	return render(
		<>
			<p>beside it</p>
			<Boundary place="a test" fallback={(error, retry) => <PageTrouble error={error} onRetry={retry} />}>
				<Part />
			</Boundary>
		</>,
		{ onCaughtError: () => {} },
	);
}

test("H329 what breaks says so, reports itself once, and can be tried again", () => {
	const cause = new Error("too deep");
	const reason: { now: Error | null } = { now: cause };
	shown(reason);
	expect(screen.getByText("beside it")).toBeTruthy();
	expect(screen.getByRole("heading").textContent).toBe("This page could not be shown");
	expect(told.mock.calls).toEqual([["Yodel could not show a test.", cause]]);
	reason.now = null;
	fireEvent.click(screen.getByRole("button", { name: "Try again" }));
	expect(screen.getByText("all is well")).toBeTruthy();
});

test("H330 a part that a new build has replaced offers to load anew, for trying again helps nobody", () => {
	shown({ now: new PartMissing("") });
	expect(screen.getByRole("heading").textContent).toBe("A part of this page is missing");
	expect(screen.getAllByRole("button").map(({ textContent }) => textContent)).toEqual(["Load anew"]);
});
