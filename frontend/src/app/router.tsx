import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { part } from "../lib/part";
import { report } from "../lib/report";
import { PageTrouble } from "../ui/page-trouble";
import { ChatFrame } from "./chat-frame";
import { ChatHome, ChatRoom } from "./chat-room";
import { NotFound } from "./not-found";
import { PlainFrame } from "./plain-frame";

const root = createRootRoute({ notFoundComponent: NotFound });

/** Pages that open sockets of their own, or none: a header and nothing else around them. */
const plain = createRoute({ getParentRoute: () => root, id: "plain", component: PlainFrame });
const demo = createRoute({
	getParentRoute: () => plain,
	path: "/demo",
	component: lazyRouteComponent(part(() => import("./demo-route"))),
});
const lobby = createRoute({
	getParentRoute: () => plain,
	path: "/lobby",
	component: lazyRouteComponent(part(() => import("./lobby-route"))),
});
const lab = createRoute({
	getParentRoute: () => plain,
	path: "/lab",
	component: lazyRouteComponent(
		part(() => import("../features/lab/lab-page")),
		"LabPage",
	),
});

/** Pages of the chat: one connection, the rail, and the bar at the bottom of a narrow window. */
const chat = createRoute({ getParentRoute: () => root, id: "chat", component: ChatFrame });
const home = createRoute({ getParentRoute: () => chat, path: "/", component: ChatHome });
const room = createRoute({ getParentRoute: () => chat, path: "/rooms/$roomId", component: ChatRoom });
const people = createRoute({
	getParentRoute: () => chat,
	path: "/people",
	component: lazyRouteComponent(
		part(() => import("../features/people/people-page")),
		"PeoplePage",
	),
});

/** Pages with the rail of the settings in place of the rooms. */
const settings = [
	createRoute({
		getParentRoute: () => chat,
		path: "/profile",
		component: lazyRouteComponent(
			part(() => import("../features/profile/profile-page")),
			"ProfilePage",
		),
	}),
	createRoute({
		getParentRoute: () => chat,
		path: "/devices",
		component: lazyRouteComponent(part(() => import("./devices-route"))),
	}),
	createRoute({
		getParentRoute: () => chat,
		path: "/blocked",
		component: lazyRouteComponent(() => import("../features/people/blocked-page"), "BlockedPage"),
	}),
	createRoute({
		getParentRoute: () => chat,
		path: "/admin/connections",
		component: lazyRouteComponent(
			part(() => import("../features/admin/connections-page")),
			"ConnectionsPage",
		),
	}),
	createRoute({
		getParentRoute: () => chat,
		path: "/admin/users",
		component: lazyRouteComponent(
			part(() => import("../features/admin/users-page")),
			"UsersPage",
		),
	}),
	createRoute({
		getParentRoute: () => chat,
		path: "/admin/channels",
		component: lazyRouteComponent(
			part(() => import("../features/admin/channels-page")),
			"ChannelsPage",
		),
	}),
	createRoute({
		getParentRoute: () => chat,
		path: "/admin/audit",
		component: lazyRouteComponent(
			part(() => import("../features/admin/audit-page")),
			"AuditPage",
		),
	}),
] as const;

/** Who is signed in has nothing to do at the login. */
const login = createRoute({
	getParentRoute: () => root,
	path: "/login",
	beforeLoad: () => {
		throw redirect({ to: "/" });
	},
});

const tree = root.addChildren([
	plain.addChildren([demo, lobby, lab]),
	chat.addChildren([home, room, people, ...settings]),
	login,
]);

/** The pages of who is signed in. */
export function makeRouter() {
	return createRouter({
		routeTree: tree,
		defaultErrorComponent: ({ error, reset }) => <PageTrouble error={error} onRetry={reset} />,
		defaultOnCatch: (error) => report("a page", error),
	});
}

declare module "@tanstack/react-router" {
	interface Register {
		router: ReturnType<typeof makeRouter>;
	}
}
