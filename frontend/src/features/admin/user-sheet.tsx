import { useEffect, useId, useRef, useState } from "react";
import type { Account } from "../../../contract/http.gen";
import { Confirm } from "../../ui/confirm";
import { sentenceOf } from "../../ui/sentence";
import { useAct } from "./use-admin";
import { UserSessions } from "./user-sessions";

const roles = ["member", "moderator", "admin"];

/** One account: its role, whether it may sign in, and its sessions. */
export function UserSheet({ user, onClose }: { user: Account; onClose: () => void }) {
	const id = useId();
	const dialog = useRef<HTMLDialogElement>(null);
	const role = useAct("PUT /api/admin/users/{id}/role");
	const disable = useAct("PUT /api/admin/users/{id}/disabled");
	const [asked, setAsked] = useState(false);
	useEffect(() => {
		const shown = dialog.current;
		shown?.showModal();
		return () => shown?.close();
	}, []);
	const setDisabled = (disabled: boolean) => {
		setAsked(false);
		disable.mutate({ path: { id: user.id }, body: { disabled } });
	};
	const failed = role.error ?? disable.error;
	return (
		<dialog ref={dialog} className="sheet wide" aria-labelledby={`${id}-title`} onCancel={onClose}>
			<h2 id={`${id}-title`}>{user.username}</h2>
			<p dir="auto">{user.name}</p>
			<label htmlFor={`${id}-role`}>Role</label>
			<select
				id={`${id}-role`}
				value={user.role}
				disabled={role.isPending}
				onChange={(event) => role.mutate({ path: { id: user.id }, body: { role: event.target.value } })}
			>
				{roles.map((name) => (
					<option key={name}>{name}</option>
				))}
			</select>
			<p className="quiet">A new role acts at once on what {user.username} has open.</p>
			<div>
				{user.disabled ? (
					<button type="button" onClick={() => setDisabled(false)}>
						Let {user.username} sign in again
					</button>
				) : (
					<button type="button" className="ending" onClick={() => setAsked(true)}>
						Disable {user.username}
					</button>
				)}
			</div>
			<p className="problem" role="alert">
				{failed ? sentenceOf(failed) : ""}
			</p>
			<UserSessions user={user} />
			<div className="sheet-ways">
				<button type="button" onClick={onClose}>
					Close
				</button>
			</div>
			{asked && (
				<Confirm
					title={`Disable ${user.username}?`}
					action="Disable"
					onConfirm={() => setDisabled(true)}
					onCancel={() => setAsked(false)}
				>
					<p>
						{user.username} can't sign in, and {connectionsOf(user.connections)}. Messages stay.
					</p>
				</Confirm>
			)}
		</dialog>
	);
}

function connectionsOf(count: number): string {
	if (count === 0) return "has nothing open at the moment";
	return count === 1 ? "1 open connection ends" : `${count} open connections end`;
}
