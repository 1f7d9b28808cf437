import { answerWithin, within } from "./waits";

/** The address of the script that a page begins with: every build has another. */
const entryOf = (page: Document): string => page.querySelector('script[type="module"][src]')?.getAttribute("src") ?? "";

/** Whether the server has another build of the pages than the one that is open. */
export function hasNewBuild(signal: AbortSignal): Promise<boolean> {
	return within(
		answerWithin,
		async (until) => {
			const response = await fetch("/", { cache: "no-store", signal: until });
			if (!response.ok) return false;
			const there = entryOf(new DOMParser().parseFromString(await response.text(), "text/html"));
			return there !== "" && there !== entryOf(document);
		},
		signal,
	);
}
