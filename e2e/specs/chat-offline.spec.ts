import { expect, testWithServer as test } from "../fixtures/chat-world";

test("what is written without a network waits, survives a reload, and is sent once", async ({ together }) => {
	const [alice, bob] = await together();
	await alice.page.context().setOffline(true);
	await alice.is("Offline");
	await alice.says("from the tunnel");
	await alice.box.fill("half a thou");
	await alice.is("Offline: 1 waiting to send");
	await expect(alice.waiting("from the tunnel")).toHaveCount(1);

	await alice.page.context().setOffline(false);
	await alice.page.reload();
	await bob.sees("from the tunnel");
	await alice.sees("from the tunnel");
	await expect(alice.box).toHaveValue("half a thou");
});

test("a page that is opened again while the server is away keeps drafts and what waits", async ({
	together,
	yodel,
}) => {
	const [alice, bob] = await together();
	await yodel.stop("SIGKILL");
	await alice.says("written in the dark");
	await alice.box.fill("half a thou");
	await alice.page.reload().catch(() => {}); // there is nobody to answer
	await yodel.start();
	await alice.page.goto(yodel.address);
	await bob.sees("written in the dark");
	await alice.sees("written in the dark");
	await expect(alice.box).toHaveValue("half a thou");
});

test("what the server will not take any more says why, and stays until it is put away", async ({ together }) => {
	const [alice, bob, room] = await together();
	await bob.page.context().setOffline(true);
	await bob.is(/Offline/);
	await bob.says("too late");
	await alice.details.open();
	await alice.details.archives(room);
	await bob.page.context().setOffline(false);
	const refused = bob.log.getByRole("article", { name: "Not sent" }).filter({ hasText: "too late" });
	await expect(refused).toContainText("This room is archived.");
	await refused.getByRole("button", { name: "Discard" }).click();
	await expect(refused).toHaveCount(0);
	await expect(alice.message("too late")).toHaveCount(0);
});

test("after an absence the page says how much it is reading, and then has it all, once", async ({
	together,
	yodel,
}) => {
	const [alice, bob] = await together();
	await alice.says("before");
	await bob.sees("before");
	let away = false;
	const held: (() => void)[] = [];
	await bob.page.routeWebSocket(/\/ws$/, async (socket) => {
		if (away) return socket.close({ code: 3001 });
		const server = socket.connectToServer();
		socket.onMessage((frame) => {
			const send = () => server.send(frame);
			if (String(frame).includes('"room.sync"')) held.push(send);
			else send();
		});
	});
	await bob.page.reload();
	await bob.sees("before");
	away = true;
	await yodel.stop("SIGKILL");
	await yodel.start();
	await alice.is("Live");
	for (const line of ["one", "two", "three"]) await alice.says(line);
	await alice.sees("three");
	await bob.is(/Back in|Connecting/);
	away = false;
	await bob.is("Catching up: 3 messages");
	for (const send of held) send();
	await bob.is("Live");
	await expect.poll(() => bob.said()).toEqual(["before", "one", "two", "three"]);
});
