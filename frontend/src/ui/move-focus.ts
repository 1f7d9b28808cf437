import type { KeyboardEvent } from "react";

/** Up and down, Home and End move the focus between the things that a selector finds. */
export function moveFocus(event: KeyboardEvent, selector: string): void {
	const all = [...event.currentTarget.querySelectorAll<HTMLElement>(selector)];
	const at = all.indexOf(document.activeElement as HTMLElement);
	if (at < 0) return;
	const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
	if (to === undefined) return;
	event.preventDefault();
	all[Math.max(0, Math.min(all.length - 1, to))]?.focus();
}
