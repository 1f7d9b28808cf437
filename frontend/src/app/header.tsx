import { api, type User } from "../lib/api";
import { Mark } from "../ui/mark";

/** The bar on top: whose page it is, and the way out. */
export function Header({ user, onSignedOut }: { user: User; onSignedOut: () => void }) {
	const signOut = () => api.logout().finally(onSignedOut);
	return (
		<header className="bar">
			<Mark />
			<strong>Yodel</strong>
			<span className="grow" />
			<span className="quiet">
				Signed in as <b>{user.username}</b>
			</span>
			<button type="button" className="plain" onClick={signOut}>
				Sign out
			</button>
		</header>
	);
}
