import { act, fireEvent, screen } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { inChat, messageOf, serverOf, settled } from "../../test/in-chat";
import { useOutbox } from "./outbox-context";

beforeEach(() => localStorage.clear());

interface Sent {
	key: string;
	text: string;
}

/** A server that notes what it is sent, and refuses while there is a reason. */
function noting() {
	const sent: Sent[] = [];
	const refusal: { code: number; message: string }[] = [];
	const server = serverOf({
		"message.send": (input: Sent) => {
			sent.push(input);
			const reason = refusal[0];
			if (reason) throw reason;
			return messageOf(sent.length, { key: input.key });
		},
	});
	return { server, sent, refusal };
}

function Box() {
	const { waiting, send, retry, discard } = useOutbox();
	return (
		<>
			<button type="button" onClick={() => send("r", "hello")}>
				Send
			</button>
			{waiting.map(({ key, problem, stored }) => (
				<li key={key}>
					{problem || (stored ? "stored" : "waiting")}
					<button type="button" onClick={() => retry(key)}>
						Again
					</button>
					<button type="button" onClick={() => discard(key)}>
						Discard
					</button>
				</li>
			))}
		</>
	);
}

const press = async (name: string) => {
	fireEvent.click(screen.getByRole("button", { name }));
	await settled();
};
const states = () => screen.queryAllByRole("listitem").map((item) => item.firstChild?.textContent);

test("what is sent while live is stored at once", async () => {
	const { server, sent } = noting();
	await inChat(server, <Box />);
	await press("Send");
	expect(sent).toHaveLength(1);
	expect(states()).toEqual(["stored"]);
});

test("what is sent without a connection waits, and goes out once, with its key, when it is back", async () => {
	const { server, sent } = noting();
	await inChat(server, <Box />);
	server.stall();
	await press("Send");
	expect([sent.length, states()]).toEqual([0, ["waiting"]]);
	await act(async () => server.flow());
	await settled();
	expect(states()).toEqual(["stored"]);
	expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
});

test("what is refused says why, can be tried again with the same key, or discarded", async () => {
	const { server, sent, refusal } = noting();
	await inChat(server, <Box />);
	refusal.push({ code: 410, message: "This room was archived." });
	await press("Send");
	expect(states()).toEqual(["This room was archived."]);
	refusal.pop();
	await press("Again");
	expect(states()).toEqual(["stored"]);
	expect(sent[0]?.key).toBe(sent[1]?.key);
	await press("Discard");
	expect(states()).toEqual([]);
});
