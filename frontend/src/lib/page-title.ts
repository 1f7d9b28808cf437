import { useEffect } from "react";

let page = "";
let unread = 0;

function show(): void {
	document.title = [unread > 0 && `(${unread > 99 ? "99+" : unread})`, page && `${page} ·`, "Yodel"]
		.filter(Boolean)
		.join(" ");
}

/** Names the page in the browser's tab, for as long as it is there. */
export function usePageTitle(name: string): void {
	useEffect(() => {
		page = name;
		show();
		return () => {
			page = "";
			show();
		};
	}, [name]);
}

/** Says in the browser's tab how many messages are unread. */
export function useUnreadInTitle(count: number): void {
	useEffect(() => {
		unread = count;
		show();
		return () => {
			unread = 0;
			show();
		};
	}, [count]);
}
