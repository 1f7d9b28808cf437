import { freePort, Road, Yodel } from "../fixtures/server";
import { expect, test } from "../fixtures/world";

test("a browser whose network dies leaves no session behind", async ({ signIn }) => {
	const [port, roadPort] = [await freePort(), await freePort()];
	const server = new Yodel(port, [
		"--origins",
		`http://127.0.0.1:${roadPort}`,
		"--ping-interval",
		"500ms",
		"--pong-timeout",
		"500ms",
	]);
	const road = new Road(port);
	await server.start();
	await road.open(roadPort);
	try {
		const bob = await signIn("bob", server.address);
		await signIn("alice", `http://127.0.0.1:${roadPort}`);
		await expect(bob.page.getByText("2 connections open")).toBeVisible();
		road.block();
		await expect(bob.page.getByText("1 connection open")).toBeVisible();
	} finally {
		road.close();
		await server.stop();
	}
});

test("the page comes back by itself when the server was restarted", async ({ signIn }) => {
	const server = new Yodel(await freePort());
	await server.start();
	try {
		const alice = await signIn("alice", server.address);
		await server.stop();
		await expect(alice.page.getByRole("status", { name: "Connection" })).toHaveText(/Back in|Connecting/);
		await server.start();
		await alice.isLive();
		await alice.broadcasts("still here");
		await alice.sees("alice", "still here");
	} finally {
		await server.stop();
	}
});
