import {
	createMemoryHistory,
	createRootRoute,
	createRoute,
	createRouter,
	RouterProvider,
} from "@tanstack/react-router";
import type { ReactNode } from "react";

/** Shows something on every page of a router in memory, so that its links have somewhere to lead. */
export function InRouter({ at = "/", children }: { at?: string; children: ReactNode }) {
	const root = createRootRoute({ component: () => children });
	const routeTree = root.addChildren([createRoute({ getParentRoute: () => root, path: "$" })]);
	return (
		<RouterProvider router={createRouter({ routeTree, history: createMemoryHistory({ initialEntries: [at] }) })} />
	);
}
