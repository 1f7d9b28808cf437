import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "@playwright/test";

// Debian's browser where it is installed, Playwright's own elsewhere.
const debian = "/usr/bin/chromium-headless-shell";
const executablePath = process.env.YODEL_BROWSER ?? (existsSync(debian) ? debian : undefined);
const launchOptions = executablePath ? { executablePath } : {};

const places = { http: 18080, https: 18443 };
const data = process.env.YODEL_E2E_DATA ?? mkdtempSync(join(tmpdir(), "yodel-e2e-"));
process.env.YODEL_E2E_DATA = data; // workers read the same

export default defineConfig({
	testDir: "specs",
	outputDir: "artifacts",
	fullyParallel: true,
	forbidOnly: !!process.env.CI,
	retries: 0,
	workers: 2,
	reporter: "list",
	use: { launchOptions, trace: "retain-on-failure" },
	projects: [
		{ name: "binary over http", use: { baseURL: `http://127.0.0.1:${places.http}` } },
		{ name: "binary over https", use: { baseURL: `https://127.0.0.1:${places.https}`, ignoreHTTPSErrors: true } },
	],
	webServer: [
		{
			command: `../bin/yodel serve --demo --login-rate 10000 --addr 127.0.0.1:${places.http} --data-dir ${join(data, "http")}`,
			url: `http://127.0.0.1:${places.http}/readyz`,
		},
		{
			command: `../bin/yodel serve --demo --login-rate 10000 --tls-self-signed --addr 127.0.0.1:${places.https} --data-dir ${join(data, "https")}`,
			url: `https://127.0.0.1:${places.https}/readyz`,
			ignoreHTTPSErrors: true,
		},
	],
});
