import { fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { useFollowing } from "./use-following";

let follows = () => false;

function List() {
	const following = useFollowing();
	follows = following.follows;
	return (
		<div data-testid="list" {...following.gestures}>
			<p>a row</p>
		</div>
	);
}

/** The list, scrolled to a place; 400 pixels of it are seen. */
function at(scrollTop: number, scrollHeight: number) {
	const list = screen.getByTestId("list");
	for (const [name, value] of Object.entries({ scrollTop, scrollHeight, clientHeight: 400 }))
		Object.defineProperty(list, name, { value, configurable: true });
	fireEvent.scroll(list);
	return list;
}

beforeEach(() => void render(<List />));

test("a list goes along with rows that are faster than it, and with its own corrections", () => {
	at(600, 1000);
	at(600, 1400);
	at(580, 1400);
	expect(follows()).toBe(true);
});

test("whoever moves up stays there, until the end is reached again", () => {
	fireEvent.wheel(at(600, 1000), { deltaY: -100 });
	at(500, 1000);
	expect(follows()).toBe(false);
	fireEvent.wheel(at(520, 1000), { deltaY: 20 });
	expect(follows()).toBe(false);
	at(590, 1000);
	expect(follows()).toBe(true);
});

test.each([
	["a key", (list: HTMLElement) => fireEvent.keyDown(screen.getByText("a row"), { key: "PageUp" }) && list],
	["a finger", (list: HTMLElement) => fireEvent.touchMove(list)],
	["the scrollbar", (list: HTMLElement) => fireEvent.pointerDown(list)],
])("%s moves up as well", (_, move) => {
	move(at(600, 1000));
	expect(follows()).toBe(false);
});

test("a click on a row, and a wheel where there is nothing above, change nothing", () => {
	at(600, 1000);
	fireEvent.pointerDown(screen.getByText("a row"));
	fireEvent.wheel(at(0, 300), { deltaY: -100 });
	expect(follows()).toBe(true);
});
