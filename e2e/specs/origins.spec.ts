import { createServer, type Server } from "node:http";
import type { Page } from "@playwright/test";
import { freePort, Yodel } from "../fixtures/server";
import { expect, test } from "../fixtures/world";

/** A page on another origin of the same machine. */
class ForeignPage {
	#server: Server | undefined;
	constructor(readonly port: number) {}

	async open(): Promise<void> {
		this.#server = createServer((_, response) => {
			response.setHeader("Content-Type", "text/html");
			response.end("<!doctype html><title>another origin</title>");
		});
		await new Promise<void>((resolve) => this.#server?.listen(this.port, "127.0.0.1", resolve));
	}

	close(): void {
		this.#server?.close();
	}
}

/** What a page can try with a visitor who is signed in to Yodel: `open`, or `refused`. */
const tries: Record<string, (page: Page, yodel: string) => Promise<string>> = {
	"the cookie alone": (page, yodel) => dial(page, `${yodel}/ws/demo`),
	"the cookie beside a subprotocol": (page, yodel) => dial(page, `${yodel}/ws/demo`, ["yodel"]),
	"the cookie beside an empty token": (page, yodel) => dial(page, `${yodel}/ws/demo?token=`),
	"a ticket that it mints with the cookie": async (page, yodel) => {
		const ticket = await page.evaluate(
			(url) =>
				fetch(url, { method: "POST", credentials: "include" })
					.then((response) => response.json())
					.then((minted: { ticket?: string }) => minted.ticket ?? "none")
					.catch(() => "none"),
			`${yodel}/api/ws/ticket`,
		);
		return dial(page, `${yodel}/ws/demo?ticket=${ticket}`);
	},
	"a token that it fetches with the cookie": async (page, yodel) => {
		const token = await page.evaluate(
			(url) =>
				fetch(url, { method: "POST", credentials: "include" })
					.then((response) => response.json())
					.then((issued: { token?: string }) => issued.token ?? "none")
					.catch(() => "none"),
			`${yodel}/api/token`,
		);
		return dial(page, `${yodel}/ws/demo?token=${token}`);
	},
};

function dial(page: Page, url: string, protocols: string[] = []): Promise<string> {
	return page.evaluate(
		([target, list]) =>
			new Promise<string>((resolve) => {
				const socket = new WebSocket(target, list);
				socket.onmessage = () => resolve("open");
				socket.onclose = () => resolve("refused");
			}),
		[url.replace(/^http/, "ws"), protocols] as const,
	);
}

test("H001_a page on another origin opens no socket, and the same page on a listed one does", async ({ signIn }) => {
	const [port, foreign, listed] = [
		await freePort(),
		new ForeignPage(await freePort()),
		new ForeignPage(await freePort()),
	];
	const yodel = new Yodel(port, ["--origins", `http://127.0.0.1:${listed.port}`]);
	await Promise.all([yodel.start(), foreign.open(), listed.open()]);
	try {
		const victim = await signIn("alice", yodel.address);
		const page = await victim.context.newPage();
		for (const host of ["127.0.0.1", "localhost"]) {
			await page.goto(`http://${host}:${foreign.port}/`); // the first is the same site: the cookie travels
			for (const [name, attempt] of Object.entries(tries)) {
				expect(await attempt(page, yodel.address), `${name}, from ${host}`).toBe("refused");
			}
		}
		await page.goto(`http://127.0.0.1:${listed.port}/`);
		expect(await dial(page, `${yodel.address}/ws/demo`)).toBe("open");
		expect(await dial(page, `${yodel.address}/ws/demo`, ["yodel"])).toBe("open");
	} finally {
		foreign.close();
		listed.close();
		await yodel.stop();
	}
});
