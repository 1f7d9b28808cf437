/** How long retries wait. */
export interface Backoff {
	/** Milliseconds before the first retry. Default 500. */
	first?: number;
	/** Milliseconds that no retry waits longer than. Default 20,000. */
	longest?: number;
}

/**
 * How long to wait before a retry: doubled each time, bounded, and drawn at
 * random from the upper half, so that many clients do not return together.
 *
 * @param attempt failures so far, from 1
 * @param random a number from 0 to 1
 */
export function delayBefore(
	attempt: number,
	{ first = 500, longest = 20_000 }: Backoff,
	random = Math.random(),
): number {
	return (Math.min(longest, first * 2 ** Math.min(attempt - 1, 30)) * (1 + random)) / 2;
}
