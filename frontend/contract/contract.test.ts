import { expectTypeOf, test } from "vitest";
import type { YodelHttp } from "./http.gen";
import type { YodelContract } from "./realtime.gen";

/** What typed hooks take. `tsc` judges; nothing of it is left when it runs. */
interface Contract {
	rpc: { [method: string]: { in: unknown; out: unknown } };
	channels: { [pattern: string]: unknown };
	messages: unknown;
}

test("the generated types fit where the hooks take a contract", () => {
	expectTypeOf<YodelContract>().toExtend<Contract>();
	expectTypeOf<keyof YodelContract["rpc"]>().not.toBeNever();
	expectTypeOf<keyof YodelContract["channels"]>().not.toBeNever();
});

test("every route says what it takes and answers", () => {
	expectTypeOf<YodelHttp[keyof YodelHttp]>().toExtend<{ in: unknown; out: unknown }>();
	expectTypeOf<YodelHttp["POST /api/login"]["in"]>().not.toBeAny();
});
