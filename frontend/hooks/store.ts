/** A value that can be watched: what `useSyncExternalStore` asks for, and no more. */
export interface Watched<T> {
	snapshot: () => T;
	subscribe: (listener: () => void) => () => void;
}

/** A value that can be watched and changed, and events that change nothing. */
export interface Store<T extends object, E = never> extends Watched<T> {
	/** The listener hears of every change and event; it is called at once, too. */
	subscribe: (listener: (event?: E) => void) => () => void;
	/** Changes some members, or tells an event. */
	set: (to: Partial<T>, event?: E) => void;
}

/**
 * A store that does its work while somebody watches it: a connection, a channel, what
 * one component shows of it. It goes on for a tick after the last has left, so that
 * neither a remount nor a hot reload begins anew.
 *
 * The library is made of closures, not of classes: a bundler shortens every name in
 * them, which it can't do with the members of an object.
 *
 * @param run begins the work, and returns how to end it
 */
export function createStore<T extends object, E = never>(value: T, run?: () => (() => void) | undefined): Store<T, E> {
	const listeners = new Set<(event?: E) => void>();
	let end: (() => void) | undefined;
	return {
		snapshot: () => value,
		subscribe: (listener) => {
			listeners.add(listener);
			end ??= run?.();
			listener();
			return () => {
				listeners.delete(listener);
				setTimeout(() => {
					if (listeners.size) return;
					end?.();
					end = undefined;
				});
			};
		},
		set: (to, event) => {
			value = { ...value, ...to };
			for (const listener of listeners) safely(() => listener(event));
		},
	};
}

/** What changes nothing. */
export const itself = <T>(value: T): T => value;

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
