/**
 * Shows what comes in a burst: the first at once, what follows in the same turn of
 * the event loop together, for centrifuge-js hands out the events of one frame in
 * microtasks of their own.
 *
 * @returns what to call when something came
 */
export function createBurst(show: () => void): () => void {
	let cooling: ReturnType<typeof setTimeout> | undefined;
	let more = false;
	const turn = () => {
		cooling = undefined;
		if (!more) return;
		cooling = setTimeout(turn);
		more = false;
		show();
	};
	return () => {
		if (!more && !cooling) queueMicrotask(turn);
		more = true;
	};
}
