import { act, render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { useChannel, usePresence } from "../index";
import { FakeServer } from "../testing";
import { Connected, onFakeTime, passes, shows } from "./harness";

onFakeTime();

const bob = { client: "b", user: "bob", conn_info: { name: "Bob" } };

let renders = 0;
function People() {
	renders++;
	const { members, known, error } = usePresence("room:1");
	return (
		<p role="status">{error?.message ?? `${known ? "" : "unknown "}${members.map(({ user }) => user).join(" ")}`}</p>
	);
}
const shown = () => screen.getAllByRole("status").map((each) => each.textContent);

it("knows who was there, who comes and who leaves", async () => {
	const server = new FakeServer({ user: "alice" });
	server.join("room:1", { client: "c", user: "carol" });
	await shows(server, <People />);
	expect(shown()).toEqual(["alice carol"]);
	await act(async () => server.join("room:1", bob));
	expect(shown()).toEqual(["alice carol bob"]);
	await act(async () => server.leave("room:1", { client: "c", user: "carol" }));
	expect(shown()).toEqual(["alice bob"]);
});

it("keeps what happens while it asks", async () => {
	const server = new FakeServer();
	server.join("room:1", bob);
	render(<Connected server={server} children={<People />} />);
	const answer = server.present.bind(server);
	server.present = (channel) => {
		const clients = answer(channel);
		server.leave("room:1", bob); // told before the answer, which still names him
		return clients;
	};
	await passes(1);
	expect(shown()).toEqual(["alice"]);
});

it("asks again after a cut, and does not pretend to know meanwhile", async () => {
	const server = new FakeServer();
	server.join("room:1", bob);
	await shows(server, <People />);
	await act(async () => server.cut());
	expect(shown()[0]).toMatch(/^unknown/);
	server.leave("room:1", bob);
	await passes(1002);
	expect(shown()).toEqual(["alice"]);
});

it("takes a cut while it asks for no error, and asks again", async () => {
	const server = new FakeServer();
	const answer = server.present.bind(server);
	server.present = (channel) => {
		server.present = answer;
		server.cut();
		return answer(channel);
	};
	await shows(server, <People />);
	expect(shown()).toEqual(["unknown "]);
	await passes(1002);
	expect(shown()).toEqual(["alice"]);
});

it("shares one subscription with those who read the channel, who miss nothing when it comes later", async () => {
	const server = new FakeServer();
	let subscribes = 0;
	server.options.subscribe = () => {
		subscribes++;
		return undefined;
	};
	const heard: unknown[] = [];
	function Reader() {
		useChannel("room:1", { onPublication: ({ data }) => heard.push(data) });
		return null;
	}
	await shows(server, [<Reader key="1" />, <People key="2" />]);
	expect(subscribes).toBe(1);
	const other = new FakeServer();
	const page = render(<Connected server={other} children={<Reader />} />);
	await passes(1);
	await act(async () => other.publish("room:1", 1));
	page.rerender(<Connected server={other} children={[<Reader key="1" />, <People key="2" />]} />);
	other.publish("room:1", 2);
	await passes(1);
	await act(async () => other.publish("room:1", 3));
	expect(heard).toEqual([1, 2, 3]);
	await act(async () => other.join("room:1", bob));
	expect(shown()).toEqual(["alice", "alice bob"]);
	expect(other.subscribers("room:1")).toBe(1);
});

it("renders nothing anew for what is said in the channel", async () => {
	const server = new FakeServer();
	await shows(server, <People />);
	const before = renders;
	await act(async () => server.publish("room:1", "hello"));
	await passes(1);
	expect(renders).toBe(before);
});
