import { type FormEvent, useId, useState } from "react";
import { sentenceOf } from "../../ui/sentence";
import { useAct } from "./use-admin";

/** Makes an invitation. Its link is shown now and never again. */
export function InviteForm() {
	const id = useId();
	const invite = useAct("POST /api/admin/invitations");
	function submit(event: FormEvent<HTMLFormElement>) {
		event.preventDefault();
		const form = new FormData(event.currentTarget);
		invite.mutate({
			body: { role: String(form.get("role")), note: String(form.get("note")), hours: Number(form.get("hours")) },
		});
	}
	return (
		<form onSubmit={submit} aria-label="Invite somebody">
			<div className="tools">
				<label htmlFor={`${id}-note`}>
					For
					<input id={`${id}-note`} name="note" dir="auto" placeholder="Who it is for" autoComplete="off" />
				</label>
				<label htmlFor={`${id}-role`}>
					Role
					<select id={`${id}-role`} name="role">
						<option>member</option>
						<option>moderator</option>
						<option>admin</option>
					</select>
				</label>
				<label htmlFor={`${id}-hours`}>
					Good for
					<select id={`${id}-hours`} name="hours" defaultValue="72">
						<option value="24">a day</option>
						<option value="72">3 days</option>
						<option value="720">30 days</option>
					</select>
				</label>
				<button type="submit" className="primary" disabled={invite.isPending}>
					Make a link
				</button>
			</div>
			<p className="problem" role="alert">
				{invite.isError && sentenceOf(invite.error)}
			</p>
			{invite.data?.link && <Link key={invite.data.id} link={invite.data.link} />}
		</form>
	);
}

function Link({ link }: { link: string }) {
	const id = useId();
	const [copied, setCopied] = useState("");
	const copy = () =>
		navigator.clipboard.writeText(link).then(
			() => setCopied("Copied."),
			() => setCopied("Select the link and copy it by hand."),
		);
	return (
		<div className="link">
			<label htmlFor={`${id}-link`}>Send this link to one person. It is not shown again.</label>
			<div className="link-line">
				<input id={`${id}-link`} readOnly value={link} onFocus={(event) => event.target.select()} />
				<button type="button" onClick={copy}>
					Copy link
				</button>
			</div>
			<p className="quiet" role="status">
				{copied}
			</p>
		</div>
	);
}
