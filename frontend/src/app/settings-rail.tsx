import { Link, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useSession } from "../lib/session";
import { administration, mine } from "./settings";
import "../styles/settings-rail.css";

/** The pages of one's account, and those of the administration for who may see them. */
export function SettingsRail() {
	const { user } = useSession();
	const { pathname } = useLocation();
	const rail = useRef<HTMLElement>(null);
	useEffect(() => {
		const show = () => {
			const current = rail.current?.querySelector(`a[href="${pathname}"]`);
			current?.scrollIntoView({ inline: "center", block: "nearest" });
		};
		show();
		addEventListener("resize", show);
		return () => removeEventListener("resize", show);
	}, [pathname]);
	return (
		<nav ref={rail} className="settings-rail" aria-label="Settings">
			<Part title="You" pages={mine} />
			{user.role === "admin" && <Part title="Administration" pages={administration} />}
		</nav>
	);
}

function Part({ title, pages }: { title: string; pages: typeof mine | typeof administration }) {
	return (
		<section aria-label={title}>
			<h2>{title}</h2>
			<ul>
				{pages.map(({ to, label }) => (
					<li key={to}>
						<Link to={to}>{label}</Link>
					</li>
				))}
			</ul>
		</section>
	);
}
