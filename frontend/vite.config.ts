import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
	root: import.meta.dirname,
	plugins: [react()],
	resolve: {
		alias: [
			{ find: "yodel-react/testing", replacement: `${import.meta.dirname}/hooks/testing/index.ts` },
			{ find: "yodel-react", replacement: `${import.meta.dirname}/hooks/index.ts` },
		],
	},
	build: {
		outDir: "dist",
		emptyOutDir: false, // dist/placeholder.html is tracked
		manifest: true, // what each page loads is weighed by e2e/house
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
