import { render, screen, waitFor } from "@testing-library/react";
import { Centrifuge } from "centrifuge";
import { ws } from "msw";
import { setupServer } from "msw/node";
import { expect, it } from "vitest";
import { cookie, useChannel, useConnection, YodelProvider } from "../index";
import { FakeServer } from "../testing";

function Room({ id }: { id: string }) {
	const { value } = useChannel(`room:${id}`, {
		initial: [] as string[],
		reduce: (all, { data }) => [...all, (data as { text: string }).text],
	});
	return <p>{value.join(", ")}</p>;
}

it("shows what was missed during a cut, as the README does it", async () => {
	const server = new FakeServer();
	render(
		<YodelProvider url="ws://test/ws" socket={server.socket} credentials={cookie()}>
			<Room id="42" />
		</YodelProvider>,
	);
	await waitFor(() => expect(server.subscribers("room:42")).toBe(1));
	server.cut();
	server.publish("room:42", { text: "while you were away" });
	await screen.findByText("while you were away");
});

it("is the websocket of centrifuge-js, without any hook", async () => {
	const server = new FakeServer({ rpc: { double: (n: number) => 2 * n } });
	const client = new Centrifuge("ws://test/ws", { websocket: server.socket });
	client.connect();
	expect(await client.rpc("double", 21)).toEqual({ data: 42 });
	await expect(client.rpc("halve", 42)).rejects.toMatchObject({ code: 104 });
	const revoked = new Promise((resolve) => client.once("disconnected", resolve));
	server.revoke();
	expect(await revoked).toMatchObject({ code: 3503 });
});

it("serves connections of msw, so that the page's own WebSocket is used", async () => {
	const server = new FakeServer();
	const chat = ws.link("ws://test/ws");
	const msw = setupServer(
		chat.addEventListener("connection", ({ client }) => {
			const { receive, gone } = server.serve(client);
			client.addEventListener("message", (event) => receive(String(event.data)));
			client.addEventListener("close", gone);
		}),
	);
	msw.listen();
	function Pill() {
		return <p>{useConnection().state}</p>;
	}
	const page = render(
		<YodelProvider url="ws://test/ws" credentials={cookie()}>
			<Pill />
			<Room id="1" />
		</YodelProvider>,
	);
	await screen.findByText("live");
	await waitFor(() => expect(server.subscribers("room:1")).toBe(1));
	server.publish("room:1", { text: "over msw" });
	await screen.findByText("over msw");
	page.unmount();
	await waitFor(() => expect(server.connections).toBe(0));
	msw.close();
});
