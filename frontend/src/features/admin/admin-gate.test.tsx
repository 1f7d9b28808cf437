import { render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, test, vi } from "vitest";
import type { Role, User } from "../../../contract/http.gen";
import { SessionContext } from "../../lib/session";
import { AdminGate } from "./admin-gate";

vi.mock("../../lib/yodel", () => ({ useConnection: () => ({ state: "live" }) }));

function As({ as: role, children }: { as: Role; children: ReactNode }) {
	const user: User = { id: "1", username: "alice", name: "Alice", role };
	return <SessionContext value={{ user, onUser: () => {}, onSignedOut: () => {} }}>{children}</SessionContext>;
}
const page = (
	<AdminGate title="Users">
		<p>the accounts</p>
	</AdminGate>
);

test("an administrator sees the page", () => {
	render(<As as="admin">{page}</As>);
	expect(screen.getByText("the accounts")).toBeTruthy();
});

test("anybody else is told whose page it is", () => {
	render(<As as="moderator">{page}</As>);
	expect(screen.queryByText("the accounts")).toBeNull();
	expect(screen.getByRole("alert").textContent).toContain("This page is for administrators.");
});

test("who loses the role while the page is open is told so, and sees no more of it", () => {
	const { rerender } = render(<As as="admin">{page}</As>);
	rerender(<As as="member">{page}</As>);
	expect(screen.queryByText("the accounts")).toBeNull();
	expect(screen.getByRole("alert").textContent).toContain("You are no longer an administrator.");
	rerender(<As as="admin">{page}</As>);
	expect(screen.getByText("the accounts")).toBeTruthy();
});
