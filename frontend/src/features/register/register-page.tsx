import { type ReactNode, useState } from "react";
import type { User } from "../../lib/api";
import { usePageTitle } from "../../lib/page-title";
import { Mark } from "../../ui/mark";
import { SignOutButton } from "../../ui/sign-out-button";
import { invitationIn } from "./invitation";
import { RegisterForm } from "./register-form";
import "../../styles/settings.css";

interface Ways {
	/** Somebody made an account and is signed in. */
	onSignedIn: (user: User) => void;
	/** Who is signed in in this browser already; an invitation is for somebody new. */
	signedInAs?: string;
	/** Signs them out, so that the link can be used. */
	onSignOut?: () => Promise<void>;
}

/** Making an account with an invitation. */
export function RegisterPage({ onSignedIn, signedInAs, onSignOut }: Ways) {
	usePageTitle("Join");
	const [invitation] = useState(() => invitationIn(location.hash));
	if (signedInAs && onSignOut)
		return (
			<Told
				title="You have an account"
				way={<SignOutButton onSignOut={onSignOut}>Sign {signedInAs} out and go on</SignOutButton>}
			>
				You are signed in as {signedInAs}. An invitation is for somebody new, who makes an account of their own.
			</Told>
		);
	if (!invitation)
		return (
			<Told title="An invitation is needed">
				Open the whole link that you were sent, with everything behind the #. Who sent it can make you a new one.
			</Told>
		);
	return (
		<main className="center">
			<RegisterForm
				invitation={invitation}
				onSignedIn={(user) => {
					history.replaceState(history.state, "", location.pathname); // the link is used up
					onSignedIn(user);
				}}
			/>
		</main>
	);
}

function Told({ title, children, way }: { title: string; children: ReactNode; way?: ReactNode }) {
	return (
		<main className="center">
			<Mark />
			<h1>{title}</h1>
			<p className="told">{children}</p>
			{way}
			<a href="/">Go to Yodel</a>
		</main>
	);
}
