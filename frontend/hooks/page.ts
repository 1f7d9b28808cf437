const events = ["online", "offline", "focus", "pageshow", "visibilitychange"];

/**
 * Follows what the page goes through: the network comes and goes, the page is
 * looked at again, or comes back from the back/forward cache.
 */
export function listenToPage(listener: () => void): () => void {
	// visibilitychange is told to the document and bubbles up to the window
	for (const type of events) addEventListener(type, listener);
	return () => {
		for (const type of events) removeEventListener(type, listener);
	};
}
