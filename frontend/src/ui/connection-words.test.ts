import { beforeEach, expect, test } from "vitest";
import { noteSignOut } from "../lib/signed-out-here";
import { connectionWords, type Standing } from "./connection-words";

beforeEach(() => localStorage.clear());

const words = (standing: Partial<Standing>) =>
	connectionWords({ state: "live", seconds: 0, waiting: 0, missing: 0, ...standing }).join("");
const refusal = (reason: "revoked" | "signed-out" | "limit") => ({
	state: "refused" as const,
	refusal: { reason, remedy: "none" as const, code: 0, message: "" },
});

test.each<[Partial<Standing>, string]>([
	[{}, "Live"],
	[{ waiting: 2 }, "Live"],
	[{ missing: 42 }, "Catching up: 42 messages"],
	[{ missing: 1 }, "Catching up: 1 message"],
	[{ state: "recovering", missing: 42 }, "Connecting"],
	[{ state: "recovering", seconds: 3 }, "Back in 3 s"],
	[{ state: "recovering", seconds: 3, waiting: 1 }, "Back in 3 s: 1 waiting to send"],
	[{ state: "offline", seconds: 3, waiting: 2 }, "Offline: 2 waiting to send"],
	[refusal("signed-out"), "Signed out"],
	[refusal("limit"), "Refused"],
	[{ state: "refused" }, "Refused"],
	[refusal("revoked"), "Signed out on another device"],
])("%o", (standing, said) => {
	expect(words(standing)).toBe(said);
});

test("who signed out in another tab is not told of another device", () => {
	noteSignOut();
	expect(words(refusal("revoked"))).toBe("Signed out");
});
