/** What a page keeps in the browser: texts by name. */
export type Kept = Pick<Storage, "getItem" | "setItem" | "removeItem"> & { names: () => string[] };

/**
 * The browser's storage, in the one place that touches it. A browser may forbid it, where already looking at
 * `localStorage` throws, or be full: what is written then lasts as long as the page.
 *
 * @param open asked each time: permission comes and goes
 */
export function keptIn(open: () => Storage): Kept {
	const here = new Map<string, string>();
	const stored = <T>(work: (storage: Storage) => T, otherwise: T): T => {
		try {
			return work(open());
		} catch {
			return otherwise;
		}
	};
	return {
		getItem: (name) => here.get(name) ?? stored((storage) => storage.getItem(name), null),
		setItem: (name, value) => {
			const done = stored((storage) => {
				storage.setItem(name, value);
				return true;
			}, false);
			if (done) here.delete(name);
			else here.set(name, value);
		},
		removeItem: (name) => {
			here.delete(name);
			stored((storage) => storage.removeItem(name), undefined);
		},
		names: () => [...new Set([...here.keys(), ...stored((storage) => Object.keys(storage), [])])],
	};
}

/** What outlives the page: drafts, messages on their way, and what was put away. Never a credential. */
export const kept: Kept = keptIn(() => localStorage);
