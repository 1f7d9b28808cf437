import { renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { usePageTitle, useUnreadInTitle } from "./page-title";

test("a tab says which page it is, and how much is unread, as long as that is so", () => {
	const page = renderHook(({ name }) => usePageTitle(name), { initialProps: { name: "People" } });
	expect(document.title).toBe("People · Yodel");
	const unread = renderHook(({ count }) => useUnreadInTitle(count), { initialProps: { count: 3 } });
	expect(document.title).toBe("(3) People · Yodel");
	unread.rerender({ count: 100 });
	page.rerender({ name: "general" });
	expect(document.title).toBe("(99+) general · Yodel");
	unread.unmount();
	page.unmount();
	expect(document.title).toBe("Yodel");
});
