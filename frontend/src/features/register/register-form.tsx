import { type FormEvent, useId, useState } from "react";
import { api, type User } from "../../lib/api";
import { Mark } from "../../ui/mark";
import { sentenceOf } from "../../ui/sentence";

interface Invited {
	invitation: string;
	onSignedIn: (user: User) => void;
}

/** Username, name and password of a new account. The server says what it does not accept. */
export function RegisterForm({ invitation, onSignedIn }: Invited) {
	const id = useId();
	const [problem, setProblem] = useState("");
	const [busy, setBusy] = useState(false);
	async function submit(event: FormEvent<HTMLFormElement>) {
		event.preventDefault();
		const form = new FormData(event.currentTarget);
		const typed = (name: string) => String(form.get(name));
		setBusy(true);
		setProblem("");
		try {
			onSignedIn(
				await api.register({
					invitation,
					username: typed("username"),
					name: typed("name"),
					password: typed("password"),
				}),
			);
		} catch (error) {
			setProblem(sentenceOf(error));
			setBusy(false);
		}
	}
	return (
		<form className="card" onSubmit={submit} aria-labelledby={`${id}-title`}>
			<Mark />
			<h1 id={`${id}-title`}>Join Yodel</h1>
			<label htmlFor={`${id}-username`}>Username</label>
			<input
				id={`${id}-username`}
				name="username"
				autoComplete="username"
				autoCapitalize="none"
				spellCheck={false}
				aria-describedby={`${id}-hint`}
				required
			/>
			<p id={`${id}-hint`} className="quiet">
				Small letters and digits; people mention you by it.
			</p>
			<label htmlFor={`${id}-name`}>Name (optional)</label>
			<input id={`${id}-name`} name="name" dir="auto" autoComplete="name" />
			<label htmlFor={`${id}-password`}>Password</label>
			<input id={`${id}-password`} name="password" type="password" autoComplete="new-password" required />
			<p className="problem" role="alert">
				{problem}
			</p>
			<button type="submit" className="primary" disabled={busy}>
				Make the account
			</button>
		</form>
	);
}
