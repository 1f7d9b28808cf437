/** A wait that can be cut short. */
export interface Pause {
	/** Waits, in milliseconds; for no longer than until the signal aborts. */
	wait: (delay: number, signal: AbortSignal) => Promise<void> | undefined;
	/** Goes on now, where it waits; else the next wait is left out. */
	end: () => void;
}

/** @param until told when a wait ends, in milliseconds since the epoch, and null when it has ended */
export function createPause(until: (moment: number | null) => void): Pause {
	let end: (() => void) | undefined;
	let skipped = false;
	return {
		wait: (delay, signal) => {
			const skip = skipped;
			skipped = false;
			if (skip) return;
			until(Date.now() + delay);
			return new Promise((resolve) => {
				const over = () => {
					clearTimeout(timer);
					end = undefined;
					until(null);
					resolve();
				};
				const timer = setTimeout(over, delay);
				signal.addEventListener("abort", over);
				end = over;
			});
		},
		end: () => {
			if (end) end();
			else skipped = true;
		},
	};
}
