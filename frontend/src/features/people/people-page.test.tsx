import { act, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { RpcError } from "yodel-react";
import { bob, inChat, serverOf, settled } from "../../test/in-chat";
import { InRouter } from "../../test/in-router";
import { PeoplePage } from "./people-page";

const page = (
	<InRouter>
		<PeoplePage />
	</InRouter>
);

test("H331 people are asked for again after a fault that passes, and nothing is left of it", async () => {
	vi.spyOn(Math, "random").mockReturnValue(0);
	let fault: unknown = { code: 100, message: "internal server error", temporary: true };
	const server = serverOf({
		"people.list": () => {
			if (fault) throw fault;
			return { people: [bob], more: false };
		},
		"people.online": () => ({ user_ids: [] }),
	});
	await inChat(server, page);
	await settled();
	expect(screen.getByRole("alert").textContent).toBe("Something went wrong on the server. Try again in a moment.");
	fault = null;
	expect(await screen.findByText("@bob")).toBeTruthy();
	await act(async () => {});
	expect(screen.queryByRole("alert")).toBeNull();
	vi.restoreAllMocks();
});

test("H331 a refusal is said once and not asked again", async () => {
	const ask = vi.fn(() => {
		throw new RpcError(403, "You may not see others.");
	});
	await inChat(serverOf({ "people.list": ask }), page);
	await settled();
	expect(screen.getByRole("alert").textContent).toBe("You may not see others.");
	const asked = ask.mock.calls.length;
	vi.useFakeTimers();
	await vi.advanceTimersByTimeAsync(60_000);
	vi.useRealTimers();
	expect(ask.mock.calls.length).toBe(asked);
});
