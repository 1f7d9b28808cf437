import { api, type User } from "../lib/api";
import { goTo, usePath } from "../lib/path";
import { Mark } from "../ui/mark";

const pages = [
	{ path: "/", label: "Demo" },
	{ path: "/lobby", label: "Lobby" },
	{ path: "/lab", label: "Lab" },
];

/** The bar on top: whose page it is, and the way out. */
export function Header({ user, onSignedOut }: { user: User; onSignedOut: () => void }) {
	const path = usePath();
	const signOut = () => api.logout().finally(onSignedOut);
	return (
		<header className="bar">
			<Mark />
			<strong>Yodel</strong>
			<nav aria-label="Pages" className="pages">
				{pages.map((page) => (
					<a
						key={page.path}
						href={page.path}
						aria-current={page.path === path ? "page" : undefined}
						onClick={(event) => {
							if (event.metaKey || event.ctrlKey || event.shiftKey) return;
							event.preventDefault();
							goTo(page.path);
						}}
					>
						{page.label}
					</a>
				))}
			</nav>
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
