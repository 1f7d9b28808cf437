import { useState } from "react";
import type { Invitation } from "../../../contract/http.gen";
import { Confirm } from "../../ui/confirm";
import { sentenceOf } from "../../ui/sentence";
import { Trouble, Waiting } from "../../ui/trouble";
import { When } from "../../ui/when";
import { type Column, DataTable } from "./data-table";
import { InviteForm } from "./invite-form";
import { useAct, useAdmin } from "./use-admin";

/** Links with which people make accounts: new ones, and those that can still be used. */
export function Invitations() {
	const open = useAdmin("GET /api/admin/invitations", {}, 10_000);
	const end = useAct("DELETE /api/admin/invitations/{id}");
	const [asked, setAsked] = useState<Invitation | null>(null);
	const invitations = open.data?.invitations ?? [];
	return (
		<section className="part" aria-labelledby="invitations-title">
			<h2 id="invitations-title">Invitations</h2>
			<InviteForm />
			{open.isPending && <Waiting lines={3} />}
			{open.isError && <Trouble error={open.error} onRetry={() => open.refetch()} />}
			{open.data && (
				<DataTable
					label="Invitations"
					columns={columnsOf(setAsked)}
					rows={invitations}
					keyOf={({ id }) => id}
					empty="No invitation is open. Make one above and send its link to one person."
				/>
			)}
			<p className="problem" role="alert">
				{end.isError && sentenceOf(end.error)}
			</p>
			{asked && (
				<Confirm
					title="Withdraw this invitation?"
					action="Withdraw"
					onCancel={() => setAsked(null)}
					onConfirm={() => {
						setAsked(null);
						end.mutate({ path: { id: asked.id } });
					}}
				>
					<p>
						The link for {asked.note || "somebody without a note"}, as {asked.role}, can't be used any more.
					</p>
				</Confirm>
			)}
		</section>
	);
}

function columnsOf(withdraw: (invitation: Invitation) => void): Column<Invitation>[] {
	return [
		{
			name: "For",
			show: ({ note }) => (
				<span className="clip" dir="auto" title={note}>
					{note || "no note"}
				</span>
			),
			by: ({ note }) => note,
			head: true,
		},
		{ name: "Role", show: ({ role }) => role, by: ({ role }) => role },
		{
			name: "Made",
			show: ({ created_at }) => <When at={created_at} />,
			by: ({ created_at }) => Date.parse(created_at),
		},
		{
			name: "Ends",
			show: ({ expires_at }) => <When at={expires_at} />,
			by: ({ expires_at }) => Date.parse(expires_at),
		},
		{
			name: "Actions",
			show: (invitation) => (
				<button
					type="button"
					className="small"
					aria-label={`Withdraw the invitation for ${invitation.note || "nobody named"}`}
					onClick={() => withdraw(invitation)}
				>
					Withdraw
				</button>
			),
		},
	];
}
