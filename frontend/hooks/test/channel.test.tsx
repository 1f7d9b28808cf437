import { act, render, screen } from "@testing-library/react";
import { Profiler, StrictMode, useState } from "react";
import { describe, expect, it, vi } from "vitest";
import { type Publication, type UseChannel, useChannel, usePresence, YodelProvider } from "../index";
import { FakeServer } from "../testing";
import { Connected, onFakeTime, passes, shows } from "./harness";

onFakeTime();

const collect = { initial: [] as unknown[], reduce: (all: unknown[], { data }: Publication) => [...all, data] };

let seen: UseChannel<unknown[]>;
function Room({ name = "room:1", history }: { name?: string; history?: number | undefined }) {
	seen = useChannel(name, { ...collect, history });
	return <p>{JSON.stringify(seen.value)}</p>;
}

/** Adds up a sequence: how far it got, and whether anything was out of place. */
const inOrder = {
	initial: { next: 0, faults: 0 },
	reduce: ({ next, faults }: { next: number; faults: number }, { data }: Publication) => ({
		next: next + 1,
		faults: faults + (data === next ? 0 : 1),
	}),
};

/** How many listeners stand on the page for what a connection follows. */
function pageListeners(): () => number {
	const types = ["online", "offline", "focus", "pageshow", "pagehide", "visibilitychange"];
	const spies = [vi.spyOn(window, "addEventListener"), vi.spyOn(window, "removeEventListener")];
	const count = () => spies.map(({ mock }) => mock.calls.filter(([type]) => types.includes(type)).length);
	return () => {
		const [added = 0, removed = 0] = count();
		return added - removed;
	};
}

describe("a burst of 10,000 events", () => {
	const burst = async (server: FakeServer) => {
		for (let frame = 0; frame < 10; frame++) {
			for (let i = 0; i < 1000; i++) server.publish("room:1", frame * 1000 + i);
			await passes(1);
		}
	};

	it("arrives once and in order in one component, by reducer and by callback", async () => {
		const server = new FakeServer();
		const heard: unknown[] = [];
		function Both() {
			const { value } = useChannel("room:1", { ...inOrder, onPublication: ({ data }) => heard.push(data) });
			return <p>{JSON.stringify(value)}</p>;
		}
		await shows(server, <Both />);
		await burst(server);
		expect(screen.getByText('{"next":10000,"faults":0}')).toBeDefined();
		expect(heard).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
	});

	it("arrives once and in order in 100 components, over one subscription", async () => {
		const server = new FakeServer();
		function One() {
			const { value } = useChannel("room:1", inOrder);
			return <p>{`${value.next} ${value.faults}`}</p>;
		}
		const ids = Array.from({ length: 100 }, (_, i) => i);
		await shows(
			server,
			ids.map((id) => <One key={id} />),
		);
		expect(server.subscribers("room:1")).toBe(1);
		await burst(server);
		expect(screen.getAllByText("10000 0")).toHaveLength(100);
	});

	it("renders once for all that came in one task", async () => {
		const server = new FakeServer();
		let renders = 0;
		function One() {
			renders++;
			return <p>{useChannel("room:1", inOrder).value.next}</p>;
		}
		render(<Connected server={server} children={<One />} />);
		await passes(1);
		const before = renders;
		for (let i = 0; i < 10_000; i++) server.publish("room:1", i);
		await passes(1);
		expect(screen.getByText("10000")).toBeDefined();
		expect(renders - before).toBeLessThan(10);
	});
});

describe("a cut", () => {
	it("is filled: what was missed appears once and in order", async () => {
		const server = new FakeServer();
		await shows(server, <Room />);
		await act(async () => server.publish("room:1", 1));
		await act(async () => server.cut());
		expect(seen.state).toBe("recovering");
		for (const data of [2, 3, 4]) server.publish("room:1", data);
		await passes(1002);
		await act(async () => server.publish("room:1", 5));
		expect(seen).toMatchObject({ state: "live", gaps: 0, value: [1, 2, 3, 4, 5] });
	});

	it.each([
		["more than is kept was missed", (server: FakeServer) => [1, 2, 3].map((data) => server.publish("room:1", data))],
		["the server lost its history", (server: FakeServer) => server.forget("room:1")],
	])("tells the component when %s", async (_, harm) => {
		const server = new FakeServer({ history: 2 });
		const onGap = vi.fn();
		function Told() {
			return <p>{useChannel("room:1", { onGap }).gaps}</p>;
		}
		await shows(server, <Told />);
		await act(async () => server.cut());
		harm(server);
		await passes(1002);
		expect(screen.getByText("1")).toBeDefined();
		expect(onGap).toHaveBeenCalledTimes(1);
	});

	it("survives a stalled network that flows again", async () => {
		const server = new FakeServer();
		await shows(server, <Room />);
		server.stall();
		await act(async () => server.publish("room:1", "held"));
		expect(seen.value).toEqual([]);
		await act(async () => server.flow());
		expect(seen.value).toEqual(["held"]);
	});
});

describe("history", () => {
	it("comes first, then what is new, without what stands in both", async () => {
		const server = new FakeServer();
		for (const data of [1, 2, 3]) server.publish("room:1", data);
		await shows(server, <Room history={2} />);
		await act(async () => server.publish("room:1", 4));
		expect(seen.value).toEqual([2, 3, 4]);
	});

	it("is waited for: events that come meanwhile are held back and come once", async () => {
		const server = new FakeServer();
		server.publish("room:1", 1);
		await shows(server, <Room history={10} />);
		const page = await shows(server, <Room history={10} />); // subscribed already: asks for history alone
		expect(seen.value).toEqual([1]);
		page.unmount();
		server.stall();
		await shows(server, <Room history={10} />);
		await act(async () => server.publish("room:1", 2));
		await act(async () => server.flow());
		expect(seen.value).toEqual([1, 2]);
	});

	it("does not hide what comes after the server has lost its positions", async () => {
		const server = new FakeServer();
		for (const data of [1, 2, 3]) server.publish("room:1", data);
		await shows(server, <Room history={10} />);
		server.forget("room:1");
		await act(async () => server.cut());
		await passes(1002);
		await act(async () => server.publish("room:1", 4));
		expect(seen).toMatchObject({ gaps: 1, value: [1, 2, 3, 4] });
	});

	it("is asked for again when the connection was cut before it came", async () => {
		const server = new FakeServer();
		server.publish("room:1", 1);
		await shows(server, <Room />); // the channel is live already
		server.stall();
		await shows(server, <Room history={10} />);
		await act(async () => server.publish("room:1", 2));
		await act(async () => dispatchEvent(new Event("offline")));
		server.flow();
		await passes(1002);
		expect(seen.value).toEqual([1, 2]);
	});
});

describe("a channel", () => {
	it("that is refused says why, and can be tried again", async () => {
		let allowed = false;
		const server = new FakeServer({
			subscribe: () => (allowed ? undefined : { code: 103, message: "permission denied" }),
		});
		await shows(server, <Room />);
		expect(seen).toMatchObject({ state: "refused", refusal: { code: 103, reason: "permission denied" } });
		allowed = true;
		await act(async () => seen.retry());
		expect(seen).toMatchObject({ state: "live", refusal: null });
		await act(async () => server.unsubscribe("room:1"));
		expect(seen).toMatchObject({ state: "refused", refusal: { code: 2000 } });
	});

	it("takes a late retry of a component that has gone for nothing", async () => {
		const server = new FakeServer({ subscribe: () => ({ code: 103, message: "permission denied" }) });
		const page = await shows(server, <Room />);
		page.unmount();
		await passes(1);
		seen.retry();
		await passes(1);
		expect(server.subscribers("room:1")).toBe(0);
	});

	it("is used by many and left by the last", async () => {
		const server = new FakeServer();
		const first = await shows(server, <Room />);
		const second = await shows(server, <Room />);
		first.unmount();
		await passes(1);
		expect(server.subscribers("room:1")).toBe(1);
		second.unmount();
		await passes(1);
		expect(server.subscribers("room:1")).toBe(0);
	});

	it("of another name begins anew; null reads none", async () => {
		const server = new FakeServer();
		function Chosen({ name }: { name: string | null }) {
			return <p>{JSON.stringify(useChannel(name, collect).value)}</p>;
		}
		const page = await shows(server, <Chosen name="room:1" />);
		await act(async () => server.publish("room:1", "one"));
		const show = (name: string | null) =>
			page.rerender(
				<StrictMode>
					<Connected server={server} children={<Chosen name={name} />} />
				</StrictMode>,
			);
		show("room:2");
		await passes(1);
		await act(async () => server.publish("room:2", "two"));
		expect(screen.getByText('["two"]')).toBeDefined();
		expect([server.subscribers("room:1"), server.subscribers("room:2")]).toEqual([0, 1]);
		show(null);
		await passes(1);
		expect(server.subscribers("room:2")).toBe(0);
		expect(screen.getByText("[]")).toBeDefined();
	});

	it("mounted and unmounted 1,000 times leaves no subscription, listener or timer", async () => {
		const server = new FakeServer();
		const listening = pageListeners();
		let toggle: () => void = () => {};
		function Often() {
			const [on, set] = useState(false);
			toggle = () => set((was) => !was);
			return on && <Both />;
		}
		function Both() {
			usePresence("room:2");
			return <Room />;
		}
		const page = await shows(server, <Often />);
		const mounted = vi.getTimerCount();
		const before = listening();
		expect(before).toBeGreaterThan(0);
		for (let i = 0; i < 1000; i++) {
			await act(async () => toggle());
			await passes(1);
			await act(async () => toggle());
			await passes(1);
		}
		expect([server.subscribers("room:1"), server.subscribers("room:2")]).toEqual([0, 0]);
		expect(server.dialled).toHaveLength(1);
		expect(vi.getTimerCount()).toBe(mounted);
		expect(listening()).toBe(before);
		page.unmount();
		await passes(1);
		expect(server.connections).toBe(0);
		expect(listening()).toBe(0);
	}, 30_000);

	it("unmounted and mounted again in one task does not resubscribe", async () => {
		const server = new FakeServer();
		const subscribe = vi.fn(() => undefined);
		server.options.subscribe = subscribe;
		const page = await shows(server, <Room key="1" />);
		page.rerender(
			<StrictMode>
				<Connected server={server} children={<Room key="2" />} />
			</StrictMode>,
		);
		await passes(1);
		expect(subscribe).toHaveBeenCalledTimes(1);
	});

	it("one event in one of 200 mounted channels renders only its own subscribers", async () => {
		const server = new FakeServer();
		const rendered: string[] = [];
		const ids = Array.from({ length: 200 }, (_, i) => String(i));
		const page = ids.map((id) => (
			<Profiler key={id} id={id} onRender={(which) => rendered.push(which)}>
				<Room name={`room:${id}`} />
			</Profiler>
		));
		render(
			<YodelProvider url="ws://test/ws" socket={server.socket} credentials={{ present: () => ({}) }}>
				{page}
			</YodelProvider>,
		);
		await passes(1);
		rendered.length = 0;
		await act(async () => server.publish("room:77", "hello"));
		expect(rendered).toEqual(["77"]);
	});

	it("goes on for the others when one of them throws", async () => {
		const server = new FakeServer();
		function Faulty() {
			useChannel("room:1", {
				onPublication: () => {
					throw new Error("a fault of the page");
				},
			});
			return null;
		}
		const thrown = new Promise((resolve) => process.once("uncaughtException", resolve));
		await shows(server, [<Faulty key="1" />, <Room key="2" />]);
		await act(async () => server.publish("room:1", 1));
		expect(seen.value).toEqual([1]);
		expect(server.connections).toBe(1);
		expect(await thrown).toMatchObject({ message: "a fault of the page" });
	});

	it.each([undefined, 10])("goes on after a payload that cannot be read, with a history of %s", async (history) => {
		const server = new FakeServer();
		if (history) for (const data of ["zero", "broken", "nought"]) server.publish("room:1", data);
		const codec = {
			encode: (value: unknown) => value,
			decode: (data: unknown) => {
				if (data === "broken") throw new Error("not to be read");
				return data;
			},
		};
		const thrown = vi.fn();
		process.on("uncaughtException", thrown);
		await shows(server, <Room history={history} />, { codec });
		await act(async () => ["one", "broken", "two"].map((data) => server.publish("room:1", data)));
		await passes(1);
		process.off("uncaughtException", thrown);
		expect(seen).toMatchObject({ state: "live", value: [...(history ? ["zero", "nought"] : []), "one", "two"] });
		expect(thrown).toHaveBeenCalled();
	});
});
