import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RpcError } from "yodel-react";
import { ApiError } from "./api";
import { mayMend, NoAnswer, pauseBefore, within } from "./waits";

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

const never = () => new Promise<never>(() => {});

test("H331 work without an end is given up after its time, and told so", async () => {
	let told: unknown;
	const work = within(1000, (signal) => {
		signal.addEventListener("abort", () => {
			told = signal.reason;
		});
		return never();
	});
	const ended = expect(work).rejects.toBeInstanceOf(NoAnswer);
	await vi.advanceTimersByTimeAsync(1000);
	await ended;
	expect(told).toBeInstanceOf(NoAnswer);
});

test("H331 who no longer waits gets their own reason, before or while the work goes on", async () => {
	const abort = new AbortController();
	const work = within(1000, never, abort.signal);
	abort.abort("gone");
	await expect(work).rejects.toBe("gone");
	await expect(within(1000, never, abort.signal)).rejects.toBe("gone");
});

test("what is done in time leaves no timer behind", async () => {
	expect(await within(1000, async () => "answer")).toBe("answer");
	expect(vi.getTimerCount()).toBe(0);
});

test("H331 pauses grow up to half a minute, and two pages seldom come at once", () => {
	const least = [0, 1, 2, 9].map((failures) => {
		const drawn = Array.from({ length: 50 }, () => pauseBefore(failures));
		expect(new Set(drawn).size).toBeGreaterThan(25);
		expect(Math.max(...drawn)).toBeLessThanOrEqual(30_000);
		return Math.min(...drawn);
	});
	expect(least).toEqual([...least].sort((a, b) => a - b));
});

test.each([
	[new NoAnswer(""), true],
	[new TypeError("Failed to fetch"), true],
	[new ApiError(503, "unavailable", ""), true],
	[new ApiError(429, "too_many_requests", ""), true],
	[new ApiError(401, "unauthorized", ""), false],
	[new ApiError(422, "invalid", ""), false],
	[new RpcError(1, "timeout"), true],
	[new RpcError(100, "internal server error"), true],
	[new RpcError(103, "permission denied"), false],
	[new RpcError(422, "A name has 1 to 60 characters."), false],
])("%s is asked again: %s", (error, again) => expect(mayMend(error)).toBe(again));
