import { type FormEvent, useId, useState } from "react";
import { ApiError, api, type User } from "../../lib/api";
import { usePageTitle } from "../../lib/page-title";
import { Mark } from "../../ui/mark";

/** Signing in. */
export function LoginPage({ onSignedIn }: { onSignedIn: (user: User) => void }) {
	usePageTitle("Sign in");
	const id = useId();
	const [problem, setProblem] = useState("");
	const [busy, setBusy] = useState(false);
	async function submit(event: FormEvent<HTMLFormElement>) {
		event.preventDefault();
		const form = new FormData(event.currentTarget);
		setBusy(true);
		setProblem("");
		try {
			onSignedIn(await api.login(String(form.get("username")), String(form.get("password"))));
		} catch (error) {
			setProblem(error instanceof ApiError ? error.message : "The server can't be reached. Check your connection.");
			setBusy(false);
		}
	}
	return (
		<main className="center">
			<form className="card" onSubmit={submit} aria-labelledby={`${id}-title`}>
				<Mark />
				<h1 id={`${id}-title`}>Sign in to Yodel</h1>
				<label htmlFor={`${id}-username`}>Username</label>
				{/* biome-ignore lint/a11y/noAutofocus: the only thing to do on this page */}
				<input id={`${id}-username`} name="username" autoComplete="username" autoCapitalize="none" required autoFocus />
				<label htmlFor={`${id}-password`}>Password</label>
				<input id={`${id}-password`} name="password" type="password" autoComplete="current-password" required />
				<p className="problem" role="alert">
					{problem}
				</p>
				<button type="submit" className="primary" disabled={busy}>
					Sign in
				</button>
			</form>
		</main>
	);
}
