import { defineConfig } from "vitest/config";

// The clients of others, in Node, against a hub that is built for them.
export default defineConfig({
	root: import.meta.dirname,
	test: { environment: "node", include: ["*.test.ts"], globalSetup: "server.ts", testTimeout: 20_000 },
});
