import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { createServer, type ViteDevServer } from "vite";
import { freePort, Yodel } from "../fixtures/server";
import { expect, test } from "../fixtures/world";
import { Lobby } from "../pages/lobby";

const frontend = join(import.meta.dirname, "../../frontend");

/** Components of the page and the library itself, each with the module that takes its edit in. */
const edited = {
	"src/features/lobby/lobby.tsx": "src/features/lobby/lobby.tsx",
	"src/ui/connection-pill.tsx": "src/ui/connection-pill.tsx",
	"hooks/use-channel.ts": "src/features/lobby/lobby.tsx",
	"hooks/provider.tsx": "hooks/provider.tsx",
};

declare global {
	/** Of Vite's React plugin: calls before it renders what was edited. */
	var __registerBeforePerformReactRefresh: (listener: () => void) => void;
}

/** Counts the sockets that a page opens to the server, and what it asks over them. */
function overheard(page: Page) {
	const seen = { opened: 0, asked: 0 };
	page.on("websocket", (socket) => {
		if (new URL(socket.url()).pathname !== "/ws") return;
		seen.opened++;
		socket.on("framesent", ({ payload }) => {
			if (payload !== "{}") seen.asked++; // that is the answer to a ping
		});
	});
	return seen;
}

/** What the pages import of packages. */
function dependencies(): string[] {
	const { dependencies } = JSON.parse(readFileSync(join(frontend, "../package.json"), "utf8"));
	const parts = ["react-dom/client", "react/jsx-runtime", "react/jsx-dev-runtime", "centrifuge/build/protobuf"];
	return [...Object.keys(dependencies), ...parts];
}

/** Starts the development server, in front of the server at an address, with every module of the page at hand. */
async function developing(port: number, address: string): Promise<ViteDevServer> {
	const to = { target: address, ws: true };
	const vite = await createServer({
		configFile: join(frontend, "vite.config.ts"),
		logLevel: "error",
		// All named: finding one later would load the page anew.
		optimizeDeps: { noDiscovery: true, include: dependencies() },
		server: { host: "127.0.0.1", port, strictPort: true, proxy: { "/api": to, "/ws": to } },
	});
	await vite.listen();
	const modules = readdirSync(join(frontend, "src"), { recursive: true, encoding: "utf8" });
	const components = modules.filter((name) => name.endsWith(".tsx") && !/\.test\.|^test\//.test(name));
	await Promise.all(components.map((name) => vite.environments.client.warmupRequest(`/src/${name}`)));
	return vite;
}

test("hot reload keeps the one connection, what was heard over it, and what was being written", async ({ signIn }) => {
	test.setTimeout(240_000);
	const [port, devPort] = [await freePort(), await freePort()];
	const yodel = new Yodel(port, ["--origins", `http://127.0.0.1:${devPort}`]);
	await yodel.start();
	const vite = await developing(devPort, yodel.address);
	try {
		const alice = await signIn("alice", yodel.address);
		const bob = await Lobby.entered(await signIn("bob", yodel.address));
		const seen = overheard(alice.page);
		const told: string[] = [];
		alice.page.on("console", (message) => told.push(message.text()));
		// A page of several hundred modules takes its time.
		const developed = { address: `http://127.0.0.1:${devPort}`, timeout: 90_000 };
		const lobby = await Lobby.entered(alice, alice.page, developed);
		await bob.says("before");
		await lobby.types("half a sentence");
		await expect.poll(() => lobby.heard()).toEqual(["before"]);
		await expect.poll(() => told).toContain("[vite] connected."); // what changes before is not told
		const before = { ...seen };
		await alice.page.evaluate(() => __registerBeforePerformReactRefresh(() => console.debug("shown")));
		for (const [file, taker] of Object.entries(edited)) {
			told.length = 0;
			vite.watcher.emit("change", join(frontend, file));
			await expect
				.poll(() => told.slice(told.indexOf(`[vite] hot updated: /${taker}`)), { timeout: 30_000 })
				.toEqual(expect.arrayContaining([`[vite] hot updated: /${taker}`, "shown"]));
		}
		await bob.says("after");
		await expect.poll(() => lobby.heard()).toEqual(["before", "after"]);
		await lobby.is("Live");
		await lobby.holds("half a sentence");
		expect(seen).toEqual(before);
	} finally {
		await vite.close();
		await yodel.stop();
	}
});
