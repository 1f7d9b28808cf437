import { Link } from "@tanstack/react-router";
import { usePageTitle } from "../lib/page-title";

/** An address that leads nowhere. */
export function NotFound() {
	usePageTitle("No such page");
	return (
		<main className="center">
			<h1>There is no such page</h1>
			<p>
				<Link to="/">Go to the chat</Link>
			</p>
		</main>
	);
}
