import { type KeyboardEvent, type PointerEvent, type UIEvent, useRef, type WheelEvent } from "react";

/** Pixels from the end at which somebody still reads the newest message. */
export const nearEnd = 48;

const upwards = ["ArrowUp", "PageUp", "Home"];

/**
 * Whether a list goes along with what comes in at its end: from the end on, until
 * somebody moves up by wheel, finger, key or scrollbar. Rows that come in faster
 * than the list can go along do not stop it, nor do its own corrections.
 */
export function useFollowing() {
	const following = useRef(true);
	const leave = (list: HTMLElement) => {
		if (list.scrollTop > 0) following.current = false; // else there is nowhere to go
	};
	const gestures = {
		onScroll: ({ currentTarget: list }: UIEvent<HTMLElement>) => {
			if (list.scrollHeight - list.clientHeight - list.scrollTop <= nearEnd) following.current = true;
		},
		onWheel: ({ deltaY, currentTarget }: WheelEvent<HTMLElement>) => {
			if (deltaY < 0) leave(currentTarget);
		},
		onTouchMove: ({ currentTarget }: UIEvent<HTMLElement>) => leave(currentTarget),
		onPointerDown: ({ target, currentTarget }: PointerEvent<HTMLElement>) => {
			if (target === currentTarget) leave(currentTarget); // its scrollbar
		},
		onKeyDown: ({ key, currentTarget }: KeyboardEvent<HTMLElement>) => {
			if (upwards.includes(key)) leave(currentTarget);
		},
	};
	return { follows: () => following.current, gestures };
}
