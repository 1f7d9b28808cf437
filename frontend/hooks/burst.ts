/** Gathers what comes in a burst. */
export interface Burst {
	/** Something came. */
	note: () => void;
	/** Forgets what was not shown. */
	end: () => void;
}

/**
 * The first of a burst is shown at once, what follows in the same turn of the event
 * loop together: centrifuge-js hands out the events of one frame in microtasks of
 * their own.
 */
export function createBurst(show: () => void): Burst {
	let cooling: ReturnType<typeof setTimeout> | undefined;
	let more = false;
	const flush = () => {
		if (more) show();
		more = false;
	};
	const turn = () => {
		cooling = more ? setTimeout(turn) : undefined;
		flush();
	};
	return {
		note: () => {
			more = true;
			if (cooling !== undefined) return;
			cooling = setTimeout(turn);
			queueMicrotask(flush);
		},
		end: () => {
			clearTimeout(cooling);
			cooling = undefined;
			more = false;
		},
	};
}
