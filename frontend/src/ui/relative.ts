const steps: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
	["day", 86_400],
	["hour", 3600],
	["minute", 60],
];
const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** How long ago, or until when, in words. */
export function relative(moment: number, now: number): string {
	const seconds = Math.round((moment - now) / 1000);
	for (const [unit, length] of steps)
		if (Math.abs(seconds) >= length) return words.format(Math.trunc(seconds / length), unit);
	return "just now";
}
