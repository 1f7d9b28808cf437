import { type ReactNode, useRef } from "react";
import { useSession } from "../../lib/session";
import { useConnection } from "../../lib/yodel";
import "../../styles/settings.css";
import "../../styles/admin.css";

/** Shows a page to administrators, for as long as one is. */
export function AdminGate({ title, children }: { title: string; children: ReactNode }) {
	const { user } = useSession();
	const { state } = useConnection();
	const may = user.role === "admin";
	const was = useRef(may);
	if (may) was.current = true;
	return (
		<section className="admin" aria-labelledby="admin-title">
			<h1 id="admin-title">{title}</h1>
			{may && state === "offline" && (
				<p className="note" role="status">
					You are offline. What stands here is from before.
				</p>
			)}
			{may ? children : <Kept lost={was.current} />}
		</section>
	);
}

function Kept({ lost }: { lost: boolean }) {
	return (
		<div className="trouble" role="alert">
			<p>{lost ? "You are no longer an administrator." : "This page is for administrators."}</p>
			<p>
				<a href="/">Go to the chat</a>
			</p>
		</div>
	);
}
