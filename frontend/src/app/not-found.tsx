import { Link } from "@tanstack/react-router";

/** An address that leads nowhere. */
export function NotFound() {
	return (
		<main className="center">
			<h1>There is no such page</h1>
			<p>
				<Link to="/">Go to the chat</Link>
			</p>
		</main>
	);
}
