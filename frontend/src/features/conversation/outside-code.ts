/** A line that opens or closes a block of code, also in quotes and lists. */
const fence = /^(?:[ \t]*(?:>|[-+*][ \t]|[0-9]{1,9}[.)][ \t]))*[ \t]*(`{3,}|~{3,})(.*)$/;

/**
 * A text of markdown with a ` in place of what is code: blocks between fences, and spans between as many ` on both
 * sides. `outsideCode` in `app/chat` is its twin.
 */
export function outsideCode(text: string): string {
	const out: string[] = [];
	let paragraph: string[] = [];
	let open = "";
	const flush = () => {
		if (paragraph.length > 0) out.push(outsideSpans(paragraph.join("\n")));
		paragraph = [];
	};
	for (const line of text.split("\n")) {
		const [, ticks = "", rest = ""] = fence.exec(line) ?? [];
		if (open !== "") {
			if (ticks.startsWith(open) && rest.trim() === "") open = "";
		} else if (ticks !== "" && (ticks.startsWith("~") || !rest.includes("`"))) {
			flush();
			open = ticks;
			out.push("`");
		} else if (line.trim() === "") {
			flush();
			out.push("");
		} else paragraph.push(line);
	}
	flush();
	return out.join("\n");
}

/** Replaces the spans of code in one paragraph. */
function outsideSpans(text: string): string {
	const unclosed = new Set<number>(); // lengths of runs that have no partner from here on
	let out = "";
	for (let i = 0; i < text.length; ) {
		const run = ticksAt(text, i);
		if (run === 0) {
			const step = text[i] === "\\" ? 2 : 1; // the sign after a \ is no more than that
			out += text.slice(i, i + step);
			i += step;
			continue;
		}
		out += "`";
		i += run;
		const end = unclosed.has(run) ? -1 : closing(text, i, run);
		if (end < 0) unclosed.add(run);
		else i = end;
	}
	return out;
}

/** The end of the next run of so many `; -1 for none. Inside of code a \ is a letter like others. */
function closing(text: string, from: number, length: number): number {
	for (let i = from; i < text.length; ) {
		const run = ticksAt(text, i);
		if (run === length) return i + run;
		i += Math.max(run, 1);
	}
	return -1;
}

function ticksAt(text: string, from: number): number {
	let to = from;
	while (text[to] === "`") to++;
	return to - from;
}
