import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "@playwright/test";
import type { Nodes } from "./fixtures/chat-world";
import type { Faults } from "./fixtures/cluster";

// Debian's browser where it is installed, Playwright's own elsewhere.
const debian = "/usr/bin/chromium-headless-shell";
const executablePath = process.env.YODEL_BROWSER ?? (existsSync(debian) ? debian : undefined);
const launchOptions = executablePath ? { executablePath } : {};

// Eleven ports from this one on, so that two checkouts can run their suites side by side.
const first = Number(process.env.YODEL_E2E_PORT ?? 18080);
const places = {
	http: first,
	containerHttp: first + 1,
	https: first + 2,
	containerHttps: first + 3,
	cluster: first + 4, // and five more
	postgres: first + 10,
};
const at = (scheme: "http" | "https", port: number) => ({
	baseURL: `${scheme}://127.0.0.1:${port}`,
	ignoreHTTPSErrors: scheme === "https",
});

// What the servers write is searched for secrets when all specs are done.
const logs = join(import.meta.dirname, "logs");
mkdirSync(logs, { recursive: true });
// Everything on PostgreSQL, where that is asked for: each server has a database of its own.
const postgres = process.env.YODEL_E2E_DATABASE === "postgresql" ? `http://127.0.0.1:${places.postgres}` : undefined;
if (postgres) process.env.YODEL_E2E_POSTGRES = postgres; // workers read the same
const database = postgres ? `--database-url "$(../bin/e2e-postgres -ask ${postgres})" ` : "";
const logged = (command: string, name: string) => `exec ${command} 2>${join(logs, `${name}.log`)}`;

// Specs that start and stop servers themselves run once.
const own = [
	"accessible.spec.ts",
	"account.spec.ts",
	"admin.spec.ts",
	"burst.spec.ts",
	"chat-large.spec.ts",
	"chat-offline.spec.ts",
	"chat-restart.spec.ts",
	"chat-session.spec.ts",
	"chat-stream.spec.ts",
	"cluster.spec.ts",
	"cluster-admin.spec.ts",
	"cut.spec.ts",
	"hot-reload.spec.ts",
	"installed.spec.ts",
	"network.spec.ts",
	"origins.spec.ts",
	"screenshots.spec.ts",
	"screenshots-chat.spec.ts",
	"standing.spec.ts",
	"together.spec.ts",
];

// Specs that install other people's packages belong to the full run.
const long = ["installed.spec.ts"];
// What the chat can do is tried on the binary over http, what the lobby and the carriers can over https too. In the
// container the same binary runs, so its smoke is tried. A full run tries everything everywhere.
const here = process.env.YODEL_LONG ? [] : ["chat-*.spec.ts"];
const outside = process.env.YODEL_LONG ? [] : [...here, "lobby.spec.ts", "credentials.spec.ts"];
// Pictures are for people to look at; they are taken when somebody asks for them.
const asked = process.env.YODEL_SCREENSHOTS ? [] : ["screenshots*.spec.ts"];

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
// A cluster is raised where it is asked for: it takes most of a minute. The people of a spec are on different nodes there.
const cluster = engine && !!process.env.YODEL_CLUSTER;
const clusterAt = (offset: number) => `https://127.0.0.1:${places.cluster + offset}`;
const clustered = { nodes: [1, 2, 3].map(clusterAt), faults: `http://127.0.0.1:${places.cluster + 5}` };
const data = process.env.YODEL_E2E_DATA ?? mkdtempSync(join(tmpdir(), "yodel-e2e-"));
process.env.YODEL_E2E_DATA = data; // workers read the same

export default defineConfig<Nodes & Faults>({
	testDir: "specs",
	outputDir: "artifacts",
	globalTeardown: "fixtures/after.ts",
	fullyParallel: true,
	forbidOnly: !!process.env.CI,
	retries: 0,
	timeout: 90_000, // two browsers, a server and their neighbours on two cores
	workers: 2,
	reporter: "list",
	expect: { timeout: 15_000 }, // a machine that builds and serves at once is slow at times
	// A trace has the page at each step. Without a film of it the suites take a quarter less time.
	use: { launchOptions, trace: { mode: "retain-on-failure", screenshots: false, sources: false } },
	projects: [
		{
			name: "its own server",
			testMatch: own,
			testIgnore: ["cluster*.spec.ts", ...(process.env.YODEL_LONG ? [] : long), ...asked],
			use: at("http", places.http),
		},
		{ name: "binary over http", testIgnore: own, use: at("http", places.http) },
		{ name: "binary over https", testIgnore: [...own, ...here], use: at("https", places.https) },
		...(engine
			? [
					{ name: "container over http", testIgnore: [...own, ...outside], use: at("http", places.containerHttp) },
					{ name: "container over https", testIgnore: [...own, ...outside], use: at("https", places.containerHttps) },
				]
			: []),
		...(cluster
			? [
					{
						name: "cluster",
						testMatch: ["cluster*.spec.ts", "chat-talk.spec.ts"],
						timeout: 120_000, // ten containers beside two browsers, and nodes that are replaced
						workers: 1, // one replaces nodes under the others otherwise
						use: { ...at("https", places.cluster), ...clustered },
					},
					...(process.env.YODEL_LONG
						? [
								{
									name: "everything on the cluster",
									testIgnore: own,
									timeout: 60_000,
									use: { ...at("https", places.cluster + 1), ...clustered },
								},
							]
						: []),
				]
			: []),
	],
	webServer: [
		...(postgres
			? [
					{
						command: `bin/e2e-postgres -listen 127.0.0.1:${places.postgres}`,
						cwd: "..",
						url: postgres,
						gracefulShutdown: { signal: "SIGTERM" as const, timeout: 20_000 },
					},
				]
			: []),
		{
			command: logged(
				`../bin/yodel serve --demo --log-level debug --login-rate 10000 ${database}--addr 127.0.0.1:${places.http} --data-dir ${join(data, "http")}`,
				"http",
			),
			url: `http://127.0.0.1:${places.http}/readyz`,
		},
		{
			command: logged(
				`../bin/yodel serve --demo --log-level debug --login-rate 10000 ${database}--tls-self-signed --addr 127.0.0.1:${places.https} --data-dir ${join(data, "https")}`,
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
		...(cluster
			? [
					{
						command: `bin/e2e-stack -cluster ${places.cluster}`,
						cwd: "..",
						// the last thing that it offers
						url: `${clustered.faults}/members`,
						timeout: 300_000,
						gracefulShutdown: { signal: "SIGTERM" as const, timeout: 60_000 },
					},
				]
			: []),
	],
});
