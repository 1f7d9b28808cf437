import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
	interface ProvidedContext {
		address: string;
	}
}

/** Builds and starts the hub; its address is what the tests inject. */
export default async function setup(project: TestProject) {
	const dir = mkdtempSync(join(tmpdir(), "yodel-clients-"));
	const binary = join(dir, "server");
	execFileSync("go", ["build", "-o", binary, "./clients"], {
		cwd: join(import.meta.dirname, "../bench"), // the module beside the product, where suites may import it
		stdio: "inherit",
	});
	const server = spawn(binary, { stdio: ["ignore", "pipe", "ignore"] });
	const [line] = (await once(server.stdout, "data")) as [Buffer];
	project.provide("address", line.toString().trim());
	return async () => {
		server.kill();
		await once(server, "exit");
		rmSync(dir, { recursive: true });
	};
}
