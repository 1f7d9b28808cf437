import { act, screen } from "@testing-library/react";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";
import { RpcError, type UseEphemeral, type UseRpc, useBroadcast, useEphemeral, useRpc } from "../index";
import { FakeServer } from "../testing";
import { onFakeTime, passes, shows } from "./harness";

onFakeTime();

describe("useRpc", () => {
	let rpc: UseRpc<unknown, unknown>;
	let hide: () => void;
	function Caller() {
		rpc = useRpc("add");
		return <p>{`${rpc.pending} ${rpc.data} ${rpc.error?.code}`}</p>;
	}
	function Page() {
		const [shown, show] = useState(true);
		hide = () => show(false);
		return shown && <Caller />;
	}

	it("answers, and shows that it waits", async () => {
		let answer: (value: number) => void = () => {};
		const server = new FakeServer({ rpc: { add: () => new Promise((resolve) => (answer = resolve)) } });
		await shows(server, <Page />);
		let sum: unknown;
		await act(async () => void rpc.call([1, 2]).then((value) => (sum = value)));
		expect(screen.getByText("true undefined undefined")).toBeDefined();
		await act(async () => answer(3));
		expect(screen.getByText("false 3 undefined")).toBeDefined();
		expect(sum).toBe(3);
	});

	it("fails with the server's code, and forgets that after the next success", async () => {
		let fails = true;
		const add = () => {
			if (fails) throw { code: 103, message: "permission denied" };
			return 7;
		};
		await shows(new FakeServer({ rpc: { add } }), <Page />);
		const call = rpc.call([]);
		const failure = expect(call).rejects.toMatchObject({ name: "RpcError", code: 103, temporary: false });
		await act(() => failure);
		expect(screen.getByText("false undefined 103")).toBeDefined();
		fails = false;
		await act(async () => void rpc.call([]));
		expect(screen.getByText("false 7 undefined")).toBeDefined();
	});

	it("is cut off with the connection, and says that it may succeed later", async () => {
		const server = new FakeServer({ rpc: { add: () => new Promise(() => {}) } });
		await shows(server, <Page />);
		const failure = expect(rpc.call([])).rejects.toSatisfy((error) => error instanceof RpcError && error.temporary);
		await passes(1);
		await act(async () => server.cut());
		await failure;
	});

	it("is aborted when the component goes, or when told to", async () => {
		await shows(new FakeServer({ rpc: { add: () => new Promise(() => {}) } }), <Page />);
		const told = new AbortController();
		const first = expect(rpc.call([], told.signal)).rejects.toThrow("enough");
		const second = expect(rpc.call([])).rejects.toMatchObject({ name: "AbortError" });
		await act(async () => told.abort(new Error("enough")));
		await first;
		await act(async () => hide());
		await passes(1);
		await second;
	});
});

it("useBroadcast hears what belongs to no channel, by the listener of the latest render", async () => {
	const server = new FakeServer();
	const heard: unknown[] = [];
	function Listener() {
		const [prefix, set] = useState("a");
		useBroadcast((message) => {
			heard.push(`${prefix} ${message}`);
			set("b");
		});
		return null;
	}
	const page = await shows(server, <Listener />);
	await act(async () => server.broadcast("one"));
	await act(async () => server.broadcast("two"));
	expect(heard).toEqual(["a one", "b two"]);
	page.unmount();
	server.broadcast("three");
	await passes(1);
	expect(heard).toHaveLength(2);
});

describe("useEphemeral", () => {
	let typing: UseEphemeral<unknown>;
	function Typing() {
		typing = useEphemeral("typing:1", { throttle: 1000, expire: 5000 });
		return <p role="status">{typing.others.map(({ member, data }) => `${member.user} ${data}`).join(", ")}</p>;
	}
	const shown = () => screen.getByRole("status").textContent;
	const bob = { client: "b", user: "bob" };

	it("sends seldom, the latest wins, and the end is told at once", async () => {
		const server = new FakeServer({ history: 0 });
		const sent = vi.spyOn(server, "publish");
		await shows(server, <Typing />);
		const tell = (data: unknown) => act(async () => typing.send(data));
		for (const letters of ["h", "he", "hel"]) await tell(letters);
		expect(sent.mock.calls.map(([, data]) => data)).toEqual(["h"]);
		await passes(1000);
		expect(sent.mock.calls.map(([, data]) => data)).toEqual(["h", "hel"]);
		await tell("hell");
		await tell(null);
		expect(sent.mock.calls.map(([, data]) => data)).toEqual(["h", "hel", null]);
		await passes(5000);
		expect(sent).toHaveBeenCalledTimes(3);
		expect(shown()).toBe(""); // its own is not among the others
	});

	it("forgets the others by itself, each in time", async () => {
		const server = new FakeServer({ history: 0 });
		await shows(server, <Typing />);
		await act(async () => server.publish("typing:1", "x", bob));
		await passes(3000);
		await act(async () => server.publish("typing:1", "y", { client: "c", user: "carol" }));
		expect(shown()).toBe("bob x, carol y");
		await passes(2000);
		expect(shown()).toBe("carol y");
		await act(async () => server.publish("typing:1", null, { client: "c", user: "carol" }));
		expect(shown()).toBe("");
	});

	it("tells nothing in a channel that is refused", async () => {
		const server = new FakeServer({ subscribe: () => ({ code: 103, message: "permission denied" }) });
		const sent = vi.spyOn(server, "publish");
		await shows(server, <Typing />);
		await act(async () => typing.send("x"));
		await passes(2000);
		expect(sent).not.toHaveBeenCalled();
	});

	it("leaves no timer and no state behind when the component goes", async () => {
		const server = new FakeServer({ history: 0 });
		const page = await shows(server, <Typing />);
		await act(async () => server.publish("typing:1", "x", bob));
		await act(async () => typing.send("y"));
		page.unmount();
		await passes(1);
		expect(vi.getTimerCount()).toBe(0);
		await shows(server, <Typing />);
		expect(shown()).toBe("");
	});
});
