import { defineConfig } from "tsdown";

export default defineConfig({
	entry: { index: "index.ts", testing: "testing/index.ts" },
	format: "esm",
	platform: "neutral",
	target: "es2022",
	dts: true,
	clean: true,
	tsconfig: "../../tsconfig.json",
});
