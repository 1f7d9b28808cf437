import { Link } from "@tanstack/react-router";
import { useId, useRef } from "react";
import { useSession } from "../lib/session";
import { signOut } from "../lib/sign-out";
import { SignOutButton } from "../ui/sign-out-button";

const mine = [
	{ to: "/profile", label: "Your profile" },
	{ to: "/devices", label: "Your devices" },
] as const;
const developers = [
	{ to: "/demo", label: "Demo" },
	{ to: "/lobby", label: "Lobby" },
	{ to: "/lab", label: "Connection lab" },
] as const;

/** Who is signed in, and behind it their own pages, those for developers, and the way out. */
export function AccountMenu() {
	const session = useSession();
	const { user } = session;
	const id = useId();
	const menu = useRef<HTMLElement>(null);
	const close = () => menu.current?.hidePopover();
	return (
		<>
			<button type="button" className="account" popoverTarget={id} aria-label={`Account: ${user.username}`}>
				<span className="initial" aria-hidden="true">
					{[...user.username][0]?.toUpperCase()}
				</span>
				<span className="account-name">{user.username}</span>
			</button>
			<nav ref={menu} id={id} className="account-menu" popover="auto" aria-label="Account">
				<p className="account-who">
					<b dir="auto">{user.name}</b>
					<span className="quiet">{user.username === user.name ? user.role : `${user.username}, ${user.role}`}</span>
				</p>
				<Ways ways={mine} onGo={close} />
				<p className="account-part">For developers</p>
				<Ways ways={developers} onGo={close} />
				<SignOutButton onSignOut={() => signOut(session)}>Sign out</SignOutButton>
			</nav>
		</>
	);
}

function Ways({ ways, onGo }: { ways: typeof mine | typeof developers; onGo: () => void }) {
	return (
		<ul>
			{ways.map(({ to, label }) => (
				<li key={to}>
					<Link to={to} onClick={onGo}>
						{label}
					</Link>
				</li>
			))}
		</ul>
	);
}
