import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import type { Me } from "../../../contract/http.gen";
import { ask } from "../../lib/ask";
import { sentenceOf } from "../../ui/sentence";

/** Those of the server's contract, `Colours`. */
const colours = ["red", "orange", "yellow", "green", "teal", "blue", "violet", "pink"];

/** Name, status and colour, as everybody sees them. */
export function ProfileForm({ profile }: { profile: Me }) {
	const id = useId();
	const queries = useQueryClient();
	const save = useMutation({
		mutationFn: (form: FormData) =>
			ask("PATCH /api/profile", {
				body: {
					name: String(form.get("name")),
					status: String(form.get("status")),
					colour: String(form.get("colour") ?? ""),
				},
			}),
		onSuccess: () => queries.invalidateQueries(),
	});
	return (
		<form
			className="form"
			onSubmit={(event) => {
				event.preventDefault();
				save.mutate(new FormData(event.currentTarget));
			}}
		>
			<p className="quiet">Everybody here can see this. Your username is {profile.username}.</p>
			<label htmlFor={`${id}-name`}>Name</label>
			<input id={`${id}-name`} name="name" dir="auto" defaultValue={profile.name} autoComplete="name" />
			<label htmlFor={`${id}-status`}>Status</label>
			<input
				id={`${id}-status`}
				name="status"
				dir="auto"
				defaultValue={profile.status}
				placeholder="What you are up to"
				autoComplete="off"
			/>
			<fieldset className="colours">
				<legend>Colour</legend>
				{["", ...colours].map((colour) => (
					<label key={colour}>
						<input type="radio" name="colour" value={colour} defaultChecked={(profile.colour ?? "") === colour} />
						<span className="swatch" data-colour={colour} aria-hidden="true" />
						{colour || "none"}
					</label>
				))}
			</fieldset>
			<p className="problem" role="alert">
				{save.isError && sentenceOf(save.error)}
			</p>
			<div className="form-end">
				<button type="submit" className="primary" disabled={save.isPending}>
					Save
				</button>
				<span role="status">{save.isSuccess && "Saved."}</span>
			</div>
		</form>
	);
}
