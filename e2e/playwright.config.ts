import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "@playwright/test";

// Debian's browser where it is installed, Playwright's own elsewhere.
const debian = "/usr/bin/chromium-headless-shell";
const executablePath = process.env.YODEL_BROWSER ?? (existsSync(debian) ? debian : undefined);
const launchOptions = executablePath ? { executablePath } : {};

const places = { http: 18080, https: 18443, containerHttp: 18081, containerHttps: 18444 };
const at = (scheme: "http" | "https", port: number) => ({
	baseURL: `${scheme}://127.0.0.1:${port}`,
	ignoreHTTPSErrors: scheme === "https",
});

// What the servers write is searched for secrets when all specs are done.
const logs = join(import.meta.dirname, "logs");
mkdirSync(logs, { recursive: true });
const logged = (command: string, name: string) => `exec ${command} 2>${join(logs, `${name}.log`)}`;

// Specs that start and stop servers themselves run once.
const own = ["network.spec.ts", "origins.spec.ts", "recovery.spec.ts"];

// The container image is tried wherever an engine answers, and always in CI.
const engine = ((): boolean => {
	try {
		execFileSync("docker", ["version"], { stdio: "ignore" });
		return true;
	} catch {
		if (process.env.CI) throw new Error("no container engine answers; e2e/setup.sh starts one");
		console.log("No container engine answers: the suites of the container image are left out.");
		return false;
	}
})();
const data = process.env.YODEL_E2E_DATA ?? mkdtempSync(join(tmpdir(), "yodel-e2e-"));
process.env.YODEL_E2E_DATA = data; // workers read the same

export default defineConfig({
	testDir: "specs",
	outputDir: "artifacts",
	globalTeardown: "fixtures/after.ts",
	fullyParallel: true,
	forbidOnly: !!process.env.CI,
	retries: 0,
	workers: 2,
	reporter: "list",
	use: { launchOptions, trace: "retain-on-failure" },
	projects: [
		{ name: "its own server", testMatch: own, use: at("http", places.http) },
		{ name: "binary over http", testIgnore: own, use: at("http", places.http) },
		{ name: "binary over https", testIgnore: own, use: at("https", places.https) },
		...(engine
			? [
					{ name: "container over http", testIgnore: own, use: at("http", places.containerHttp) },
					{ name: "container over https", testIgnore: own, use: at("https", places.containerHttps) },
				]
			: []),
	],
	webServer: [
		{
			command: logged(
				`../bin/yodel serve --demo --log-level debug --login-rate 10000 --addr 127.0.0.1:${places.http} --data-dir ${join(data, "http")}`,
				"http",
			),
			url: `http://127.0.0.1:${places.http}/readyz`,
		},
		{
			command: logged(
				`../bin/yodel serve --demo --log-level debug --login-rate 10000 --tls-self-signed --addr 127.0.0.1:${places.https} --data-dir ${join(data, "https")}`,
				"https",
			),
			url: `https://127.0.0.1:${places.https}/readyz`,
			ignoreHTTPSErrors: true,
		},
		...(engine
			? [
					{
						command: `bin/e2e-stack -http ${places.containerHttp} -https ${places.containerHttps}`,
						cwd: "..",
						url: `https://127.0.0.1:${places.containerHttps}/readyz`,
						ignoreHTTPSErrors: true,
						timeout: 120_000,
						gracefulShutdown: { signal: "SIGTERM" as const, timeout: 20_000 },
					},
				]
			: []),
	],
});
