/** A value that can be watched: what `useSyncExternalStore` asks for, and no more. */
export interface Store<T> {
	snapshot: () => T;
	subscribe: (listener: () => void) => () => void;
	set: (value: T) => void;
}

/**
 * The library is made of closures, not of classes: a bundler shortens every name
 * in them, which it can't do with the members of an object.
 *
 * @param watch called when the first listener has come; what it returns, when the last has gone
 */
export function createStore<T>(value: T, watch?: () => () => void): Store<T> {
	const listeners = new Set<() => void>();
	let stop: (() => void) | undefined;
	return {
		snapshot: () => value,
		subscribe: (listener) => {
			if (!listeners.size) stop = watch?.();
			listeners.add(listener);
			return () => {
				listeners.delete(listener);
				if (!listeners.size) stop?.();
			};
		},
		set: (next) => {
			value = next;
			for (const listener of listeners) listener();
		},
	};
}

/** Does what may throw: the page hears of it as of any uncaught error, and the connection goes on. */
export function safely(work: () => void): void {
	try {
		work();
	} catch (error) {
		queueMicrotask(() => {
			throw error;
		});
	}
}

/** Tells all; one that throws harms neither the others nor the connection. */
export function tellAll<T>(all: Iterable<T>, tell: (one: T) => void): void {
	for (const one of all) safely(() => tell(one));
}
