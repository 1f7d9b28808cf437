/** Milliseconds in which the server has to answer a request. */
export const answerWithin = 10_000;

/** A request that the server did not answer in time. */
export class NoAnswer extends Error {
	override name = "NoAnswer";
}

/**
 * Does work that may take so many milliseconds; rejects with `NoAnswer` after them, with the signal's reason when
 * that ends first. The work's own signal ends in both cases.
 */
export function within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
	return new Promise((resolve, reject) => {
		const own = new AbortController();
		const end = (reason: unknown) => {
			own.abort(reason);
			reject(reason);
		};
		const stop = () => end(signal?.reason);
		if (signal?.aborted) return stop();
		const timer = setTimeout(() => end(new NoAnswer("The server did not answer in time.")), ms);
		signal?.addEventListener("abort", stop);
		work(own.signal)
			.finally(() => {
				clearTimeout(timer);
				signal?.removeEventListener("abort", stop);
			})
			.then(resolve, reject);
	});
}

/** Milliseconds before the next attempt: twice as long after each failure up to half a minute, and not all at once. */
export function pauseBefore(failures: number): number {
	return Math.min(30_000, 500 * 2 ** failures) * (0.5 + Math.random() / 2);
}

/** What is looked at in an error: by its name, so that the login need not load what makes calls. */
interface Faulty {
	name: string;
	/** Of an `ApiError`. */
	status?: number;
	/** Of an `RpcError`. */
	code: number;
	temporary?: boolean;
}

/** Whether the same request may be answered later: no answer, no network, a server that is busy or broken. */
export function mayMend(error: unknown): boolean {
	const { name, status, code, temporary } = Object(error) as Faulty;
	if (name === "RpcError") return temporary === true || code <= 100 || code === 429;
	return status === undefined || status === 408 || status === 429 || status >= 500;
}
