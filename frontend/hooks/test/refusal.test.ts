import { expect, it } from "vitest";
import { Refused, refusalIn } from "../refusal";

it.each([
	["a Refused", new Refused("no seat", "limit", 7), { reason: "limit", remedy: "retry", code: 7, message: "no seat" }],
	["one of another copy of the module", { reason: "revoked" }, { reason: "revoked", code: 0 }],
	[
		"an answer over HTTP",
		new Response(null, { status: 403, statusText: "Forbidden" }),
		{ code: 403, message: "Forbidden" },
	],
	["an error with a status", Object.assign(new Error("no"), { status: 401 }), { reason: "signed-out", message: "no" }],
	["one with a reason of its own", { status: 401, reason: "expired", code: "E" }, { reason: "signed-out", code: 401 }],
])("%s says to give up", (_, error, refusal) => {
	expect(refusalIn(error)).toMatchObject(refusal);
});

it.each([
	new Error("offline"),
	new Response(null, { status: 503 }),
	new DOMException("aborted", "AbortError"),
	{ reason: "tired" },
	"a string",
	undefined,
	null,
])("%s may be mended by another attempt", (error) => {
	expect(refusalIn(error)).toBeNull();
});
