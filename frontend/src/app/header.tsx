import type { ReactNode } from "react";
import { Mark } from "../ui/mark";
import { AccountMenu } from "./account-menu";
import { Pages } from "./pages";
import "../styles/header.css";

/** The bar on top: the pages, how the connection stands, and whose account it is. */
export function Header({ children }: { children?: ReactNode }) {
	return (
		<header className="bar">
			<a href="#main" className="skip">
				Skip to the content
			</a>
			<Mark />
			<strong className="brand">Yodel</strong>
			<Pages />
			<span className="grow" />
			{children}
			<AccountMenu />
		</header>
	);
}
