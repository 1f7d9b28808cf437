/** Tells a developer what broke: one line in the console, with the cause. */
export function report(place: string, cause: unknown): void {
	console.error(`Yodel could not show ${place}.`, cause);
}
