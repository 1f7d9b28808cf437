import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
	root: import.meta.dirname,
	plugins: [react(), compress()],
	resolve: {
		alias: [
			{ find: "yodel-react/testing", replacement: `${import.meta.dirname}/hooks/testing/index.ts` },
			{ find: "yodel-react", replacement: `${import.meta.dirname}/hooks/index.ts` },
		],
	},
	build: {
		outDir: "dist",
		emptyOutDir: false, // dist/placeholder.html is tracked
		manifest: true, // what each page loads is weighed by app/web
		assetsInlineLimit: 0,
		modulePreload: { polyfill: false },
	},
	server: { proxy: { "/api": "http://127.0.0.1:8080", "/ws": { target: "ws://127.0.0.1:8080", ws: true } } },
	test: {
		environment: "jsdom",
		include: ["**/*.test.{ts,tsx}"],
		setupFiles: ["hooks/test/setup.ts"],
	},
});

const endings = /\.(br|gz)$/;
const worth = 0.95; // of what it weighs as it is

/** Leaves each file of the build in brotli and gzip besides, where that is shorter: the server sends them as they are. */
function compress(): Plugin {
	let dir = "";
	return {
		name: "compress",
		apply: "build",
		configResolved(config) {
			dir = join(config.root, config.build.outDir);
		},
		closeBundle() {
			for (const file of filesOf(dir)) {
				if (endings.test(file)) rmSync(file); // of an earlier build
			}
			for (const file of filesOf(dir)) pack(file);
		},
	};
}

/** All files of a directory but what the build notes for itself. */
function filesOf(dir: string): string[] {
	return readdirSync(dir, { withFileTypes: true, recursive: true })
		.filter((entry) => entry.isFile() && !join(entry.parentPath, entry.name).slice(dir.length).includes("/."))
		.map((entry) => join(entry.parentPath, entry.name));
}

function pack(file: string): void {
	const plain = readFileSync(file);
	const best = {
		br: brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } }), // quality 11 by default
		gz: gzipSync(plain, { level: 9 }),
	};
	for (const [ending, packed] of Object.entries(best)) {
		if (packed.length < plain.length * worth) writeFileSync(`${file}.${ending}`, packed);
	}
}
