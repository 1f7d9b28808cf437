import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId } from "react";
import { api } from "../../lib/api";
import { sentenceOf } from "../../ui/sentence";

/** Changing one's password, which signs every other device out. */
export function PasswordForm() {
	const id = useId();
	const queries = useQueryClient();
	const change = useMutation({
		mutationFn: ({ old, next }: { old: string; next: string; form: HTMLFormElement }) => api.password(old, next),
		onSuccess: (_, { form }) => {
			form.reset();
			return queries.invalidateQueries({ queryKey: ["devices"] });
		},
	});
	function submit(event: FormEvent<HTMLFormElement>) {
		event.preventDefault();
		const form = event.currentTarget;
		const typed = new FormData(form);
		change.mutate({ old: String(typed.get("old")), next: String(typed.get("next")), form });
	}
	return (
		<form className="form" onSubmit={submit} aria-labelledby={`${id}-title`}>
			<h2 id={`${id}-title`}>Password</h2>
			<p className="quiet">All other devices are signed out when you change it.</p>
			<label htmlFor={`${id}-old`}>Current password</label>
			<input id={`${id}-old`} name="old" type="password" autoComplete="current-password" required />
			<label htmlFor={`${id}-next`}>New password</label>
			<input id={`${id}-next`} name="next" type="password" autoComplete="new-password" required />
			<p className="problem" role="alert">
				{change.isError && sentenceOf(change.error)}
			</p>
			<div className="form-end">
				<button type="submit" className="primary" disabled={change.isPending}>
					Change password
				</button>
				<span role="status">{change.isSuccess && "Changed. Your other devices are signed out."}</span>
			</div>
		</form>
	);
}
