import { useSyncExternalStore } from "react";

const changed = "yodel:path";

function subscribe(listener: () => void): () => void {
	addEventListener("popstate", listener);
	addEventListener(changed, listener);
	return () => {
		removeEventListener("popstate", listener);
		removeEventListener(changed, listener);
	};
}

/** The path of the page that is shown. */
export function usePath(): string {
	return useSyncExternalStore(
		subscribe,
		() => location.pathname,
		() => "/",
	);
}

/** Shows another page without loading it anew. */
export function goTo(path: string): void {
	history.pushState(null, "", path);
	dispatchEvent(new Event(changed));
}
