import { expect } from "../fixtures/chat-world";
import { test } from "../fixtures/cluster";

test("an administrator sees who is connected to any node, and ends a connection of another", async ({
	administrator,
	enters,
}) => {
	const admin = await administrator();
	const alice = await enters("Alice");
	const bob = await enters("Bob");
	await admin.page.goto("/admin/connections");
	const grid = admin.page.getByRole("grid", { name: "Connections" });
	await expect(grid.getByRole("columnheader", { name: "Node" })).toBeVisible();
	for (const [{ username }, node] of [
		[alice, "app-2"],
		[bob, "app-3"],
	] as const)
		await expect(grid.getByRole("row").filter({ hasText: username })).toContainText(node);

	const again = alice.page.waitForEvent("websocket");
	await admin.page.getByRole("button", { name: `Disconnect ${alice.username}` }).click();
	await admin.page.getByRole("dialog").getByRole("button", { name: "Disconnect", exact: true }).click();
	await again;
	await alice.is("Live");
	await bob.is("Live");

	await admin.page.getByRole("link", { name: "Channels" }).click();
	// a row for each node, below the head
	await expect(admin.page.getByRole("grid", { name: "Nodes" }).getByRole("row")).toHaveCount(4);
	await expect(admin.page.getByText("did not answer")).toHaveCount(0);
});
