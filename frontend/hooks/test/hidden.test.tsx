import { act, render } from "@testing-library/react";
import { Activity, type ReactNode } from "react";
import { expect, it } from "vitest";
import { type UseChannel, useChannel, useConnection } from "../index";
import { FakeServer } from "../testing";
import { Connected, onFakeTime, passes } from "./harness";

onFakeTime();

/** Shows children, hides them, and shows them again. */
async function hideable(page: (children: ReactNode) => ReactNode, children: ReactNode) {
	const show = (mode: "visible" | "hidden") => page(<Activity mode={mode}>{children}</Activity>);
	const { rerender } = render(show("visible"));
	await passes(1);
	return async (mode: "visible" | "hidden") => {
		rerender(show(mode));
		await passes(1);
	};
}

let room: UseChannel<unknown[]>;
function Room() {
	room = useChannel("room:1", {
		initial: [] as unknown[],
		reduce: (all, { data }) => [...all, data],
		history: 10,
	});
	return null;
}

it("a connection ends while its page is hidden, and comes back without a wait", async () => {
	const server = new FakeServer();
	let state = "";
	function Pill() {
		state = useConnection().state;
		return null;
	}
	const become = await hideable((page) => page, <Connected server={server} children={<Pill />} />);
	await passes(6000);
	await become("hidden");
	expect(server.connections).toBe(0);
	await become("visible");
	expect(state).toBe("live");
	expect(server.dialled).toHaveLength(2);
});

it("a channel begins anew when its component is shown again", async () => {
	const server = new FakeServer();
	const become = await hideable((page) => <Connected server={server} children={page} />, <Room />);
	await act(async () => server.publish("room:1", "one"));
	await become("hidden");
	expect(server.subscribers("room:1")).toBe(0);
	server.publish("room:1", "two");
	await become("visible");
	expect(room).toMatchObject({ state: "live", value: ["one", "two"] });
});

it("history that was on its way when its component was hidden is told once", async () => {
	const server = new FakeServer();
	function Keeper() {
		useChannel("room:1");
		return null;
	}
	server.publish("room:1", "one");
	const keep = await hideable(
		(page) => (
			<Connected server={server}>
				{page}
				<Keeper />
			</Connected>
		),
		null,
	);
	await keep("visible");
	server.stall();
	const become = await hideable((page) => <Connected server={server} children={page} />, <Room />);
	await become("hidden");
	await become("visible");
	await act(async () => server.flow());
	await passes(1);
	expect(room.value).toEqual(["one"]);
});
