import { Link, useLocation } from "@tanstack/react-router";
import { useSession } from "../lib/session";

const everybodys = [
	{ to: "/", label: "Chat", isHere: (path: string) => path === "/" || path.startsWith("/rooms/") },
	{ to: "/people", label: "People", isHere: (path: string) => path === "/people" },
] as const;
const administrators = {
	to: "/admin/connections",
	label: "Admin",
	isHere: (path: string) => path.startsWith("/admin/"),
} as const;

/** The way between the pages: in the header, and at the bottom of a narrow window. */
export function Pages() {
	const { user } = useSession();
	const { pathname } = useLocation();
	const pages = user.role === "admin" ? [...everybodys, administrators] : everybodys;
	return (
		<nav aria-label="Pages" className="pages">
			{pages.map(({ to, label, isHere }) => (
				<Link key={to} to={to} aria-current={isHere(pathname) ? "page" : undefined}>
					{label}
				</Link>
			))}
		</nav>
	);
}
