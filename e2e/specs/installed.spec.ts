import type { Page } from "@playwright/test";
import { FreshApp, packed } from "../fixtures/fresh-app";
import { freePort, Yodel } from "../fixtures/server";
import { expect, test } from "../fixtures/world";

/** Signs in from outside the page, and gives it a token in hand. */
async function givesToken(page: Page, yodel: Yodel): Promise<void> {
	const headers = { Origin: yodel.address };
	const login = { username: "alice", password: "alice-yodel-demo" };
	await page.request.post(`${yodel.address}/api/login`, { headers, data: login });
	const { token } = await (await page.request.post(`${yodel.address}/api/token`, { headers })).json();
	const given = { url: `${yodel.address}/ws`, token };
	await page.addInitScript((value) => Object.assign(window, { given: value }), given);
}

for (const kind of ["vite", "next"] as const) {
	test(`packed and installed in a fresh ${kind} app: builds, renders on the server, connects`, async ({ page }) => {
		test.setTimeout(600_000);
		const [port, appPort] = [await freePort(), await freePort()];
		const address = `http://127.0.0.1:${appPort}`;
		const yodel = new Yodel(port, ["--origins", address]);
		const app = new FreshApp(kind);
		await yodel.start();
		try {
			app.install(packed());
			app.run("build");
			await app.start(appPort);
			const rendered = kind === "vite" ? app.run("render") : await (await page.request.get(address)).text();
			expect(rendered).toContain('<p role="status">connecting</p>');
			await givesToken(page, yodel);
			await page.goto(address);
			await expect(page.getByRole("status")).toHaveText("live");
			await page.getByRole("button", { name: "Say hello" }).click();
			await expect(page.getByRole("log")).toHaveText("hello");
		} finally {
			app.remove();
			await yodel.stop();
		}
	});
}
