const browsers: [sign: RegExp, name: string][] = [
	[/\bEdg\//, "Edge"],
	[/\bOPR\//, "Opera"],
	[/\bFirefox\//, "Firefox"],
	[/\b(Headless)?Chrome\//, "Chrome"],
	[/\bSafari\//, "Safari"],
	[/^curl\//, "curl"],
];
const systems: [sign: RegExp, name: string][] = [
	[/iPhone|iPad/, "iOS"],
	[/Android/, "Android"],
	[/Windows/, "Windows"],
	[/Mac OS X/, "macOS"],
	[/Linux/, "Linux"],
];

const first = (signs: [RegExp, string][], text: string) => signs.find(([sign]) => sign.test(text))?.[1];

/** What a person calls a device, from what its browser said of itself. */
export function nameOf(device: string): string {
	const [browser, system] = [first(browsers, device), first(systems, device)];
	if (browser && system) return `${browser} on ${system}`;
	return browser ?? system ?? "An unknown device";
}
