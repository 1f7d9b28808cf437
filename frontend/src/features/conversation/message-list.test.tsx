import { fireEvent, screen } from "@testing-library/react";
import { Fragment, type ReactNode } from "react";
import { expect, test, vi } from "vitest";
import { RpcError } from "yodel-react";
import { alice, inChat, messageOf, serverOf } from "../../test/in-chat";
import { MessageList } from "./message-list";
import type { RowActions } from "./message-row";
import type { Timeline } from "./timeline";

// jsdom has no sizes, so the virtual list would show nothing: here it shows all.
vi.mock("react-virtuoso", () => ({
	Virtuoso: ({ data, itemContent }: { data: { id: string }[]; itemContent: (i: number, row: unknown) => ReactNode }) =>
		data.map((row, i) => <Fragment key={row.id}>{itemContent(i, row)}</Fragment>),
}));

const actions: RowActions = {
	me: alice.id,
	mayModerate: false,
	writable: true,
	editing: "",
	onEdit: vi.fn(),
	edit: vi.fn(async () => {}),
	remove: vi.fn(async () => {}),
	react: vi.fn(async () => {}),
};

function shows(messages: Timeline["messages"], more: Partial<RowActions> = {}) {
	const timeline = { messages, hasBefore: false, seq: 9, heard: 9 };
	return inChat(
		serverOf(),
		<MessageList
			timeline={timeline}
			waiting={[]}
			actions={{ ...actions, ...more }}
			onOlder={() => {}}
			onEnd={() => {}}
		/>,
	);
}

const names = (name: string) => screen.queryAllByRole("button", { name }).length;

test("an empty room says what to do next", async () => {
	await shows([]);
	expect(screen.getByText(/Write the first message below/)).toBeTruthy();
});

test("the Tab key meets the newest message, the arrow keys walk from there", async () => {
	await shows([messageOf(1), messageOf(2), messageOf(3)]);
	const all = screen.getAllByRole("article");
	expect(all.map(({ tabIndex }) => tabIndex)).toEqual([-1, -1, 0]);
	all[2]?.focus();
	fireEvent.keyDown(document.activeElement as Element, { key: "ArrowUp" });
	expect(document.activeElement).toBe(all[1]);
	fireEvent.keyDown(document.activeElement as Element, { key: "ArrowDown" });
	expect(document.activeElement).toBe(all[2]);
});

test("one changes and deletes one's own, and reacts to all", async () => {
	await shows([messageOf(1), messageOf(2, { author: alice })]);
	expect([names("React"), names("Edit"), names("Delete")]).toEqual([2, 1, 1]);
});

test("who moderates may delete what others said; in a room that is closed nobody does anything", async () => {
	const page = await shows([messageOf(1)], { mayModerate: true });
	expect([names("Edit"), names("Delete")]).toEqual([0, 1]);
	page.unmount();
	await shows([messageOf(1)], { mayModerate: true, writable: false });
	expect([names("React"), names("Delete")]).toEqual([0, 0]);
});

test("a message that was deleted says so, and shows nothing of what it was", async () => {
	await shows([messageOf(1, { text: "", deleted_at: "2026-01-01T10:01:00Z" })]);
	expect(screen.getByText("This message was deleted.")).toBeTruthy();
	expect(names("React")).toBe(0);
});

test("a refused action says why, beside the message", async () => {
	const remove = () => Promise.reject(new RpcError(403, "You may not."));
	await shows([messageOf(1, { author: alice })], { remove });
	fireEvent.click(screen.getByRole("button", { name: "Delete" }));
	fireEvent.click(screen.getByRole("button", { name: "Delete for everybody" }));
	expect((await screen.findByRole("alert")).textContent).toBe("You may not.");
});
