import { act, render, screen } from "@testing-library/react";
import { StrictMode } from "react";
import { expect, it, vi } from "vitest";
import { FakeServer } from "../testing";
import { onFakeTime, passes } from "./harness";

onFakeTime();

/** The page, made from modules that were just evaluated. */
async function freshPage(server: FakeServer) {
	const { useChannel, YodelProvider } = await import("../index");
	function Room() {
		return <p>{String(useChannel("room:1", { initial: "nothing", reduce: (_, { data }) => String(data) }).value)}</p>;
	}
	return (
		<StrictMode>
			<YodelProvider url="ws://test/ws" socket={server.socket} credentials={{ present: () => ({}) }}>
				<Room />
			</YodelProvider>
		</StrictMode>
	);
}

it("modules that are evaluated anew keep the one connection and its subscription", async () => {
	const server = new FakeServer();
	const subscribe = vi.fn(() => undefined);
	server.options.subscribe = subscribe;
	const page = render(await freshPage(server));
	await passes(1);
	for (let edit = 0; edit < 5; edit++) {
		vi.resetModules();
		page.rerender(await freshPage(server));
		await passes(1);
	}
	expect(server.dialled).toHaveLength(1);
	expect(server.connections).toBe(1);
	expect(subscribe).toHaveBeenCalledTimes(1);
	await act(async () => server.publish("room:1", "still here"));
	expect(screen.getByText("still here")).toBeDefined();
});
