import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
	root: import.meta.dirname,
	plugins: [react()],
	build: {
		outDir: "dist",
		emptyOutDir: false, // dist/placeholder.html is tracked
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
