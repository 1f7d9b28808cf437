import { act, cleanup, render } from "@testing-library/react";
import { type ReactNode, StrictMode } from "react";
import { afterEach, beforeEach, expect, vi } from "vitest";
import { cookie, YodelProvider, type YodelProviderProps } from "../index";
import type { FakeServer } from "../testing";

/** Fake time for a file, and nothing left behind after each of its tests. */
export function onFakeTime(): void {
	vi.setConfig({ testTimeout: 60_000 }); // bursts take a while on a busy machine
	beforeEach(() => {
		vi.useFakeTimers();
		vi.spyOn(Math, "random").mockReturnValue(1); // every wait is the whole one
	});
	afterEach(async () => {
		cleanup();
		await passes(1);
		const left = vi.getTimerCount();
		vi.useRealTimers();
		vi.restoreAllMocks();
		vi.unstubAllGlobals();
		expect(left).toBe(0);
	});
}

/** Lets time pass, and React with it. */
export const passes = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));

/** Components on a connection to a fake server. */
export function Connected({ server, ...props }: { server: FakeServer } & Partial<YodelProviderProps>): ReactNode {
	return <YodelProvider url="ws://test/ws" socket={server.socket} credentials={cookie()} {...props} />;
}

/** Shows components on a connection, under StrictMode, and waits until they are live. */
export async function shows(server: FakeServer, children: ReactNode, props: Partial<YodelProviderProps> = {}) {
	const page = render(
		<Connected server={server} {...props}>
			{children}
		</Connected>,
		{ wrapper: StrictMode },
	);
	await passes(1);
	return page;
}
