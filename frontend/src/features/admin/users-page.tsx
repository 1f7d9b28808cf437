import { useState } from "react";
import type { Account } from "../../../contract/http.gen";
import { usePageTitle } from "../../lib/page-title";
import { Trouble, Waiting } from "../../ui/trouble";
import { When } from "../../ui/when";
import { AdminGate } from "./admin-gate";
import { type Column, DataTable } from "./data-table";
import { Invitations } from "./invitations";
import { SearchField } from "./search-field";
import { useAdmin } from "./use-admin";
import { UserSheet } from "./user-sheet";

/** Who has an account, what they may do, and the invitations for new ones. */
export function UsersPage() {
	usePageTitle("Users");
	return (
		<AdminGate title="Users">
			<Accounts />
			<Invitations />
		</AdminGate>
	);
}

const page = 50;

function Accounts() {
	const [query, setQuery] = useState("");
	const [limit, setLimit] = useState(page);
	const users = useAdmin("GET /api/admin/users", { query: { query, limit } });
	const [open, setOpen] = useState<string | null>(null);
	const opened = users.data?.users.find(({ id }) => id === open);
	return (
		<>
			<div className="tools">
				<SearchField label="Search" hint="Username or name" value={query} onChange={setQuery} />
			</div>
			{users.isPending && <Waiting lines={8} />}
			{users.isError && <Trouble error={users.error} onRetry={() => users.refetch()} />}
			{users.data && (
				<DataTable
					label="Users"
					columns={columnsOf(setOpen)}
					rows={users.data.users}
					keyOf={({ id }) => id}
					empty="Nobody of that name. Clear the search to see all."
				/>
			)}
			{users.data?.more && limit < 200 && (
				<button type="button" onClick={() => setLimit(limit + page)}>
					Show more
				</button>
			)}
			{users.data?.more && limit >= 200 && <p className="quiet">There are more; search to find them.</p>}
			{opened && <UserSheet user={opened} onClose={() => setOpen(null)} />}
		</>
	);
}

function columnsOf(open: (id: string) => void): Column<Account>[] {
	return [
		{ name: "Username", show: ({ username }) => <b>{username}</b>, by: ({ username }) => username, head: true },
		{
			name: "Name",
			show: ({ name }) => (
				<span className="clip" dir="auto" title={name}>
					{name}
				</span>
			),
			by: ({ name }) => name,
		},
		{ name: "Role", show: ({ role }) => role, by: ({ role }) => role },
		{
			name: "Sign-in",
			show: ({ disabled }) => (disabled ? <span className="bad">disabled</span> : "allowed"),
			by: ({ disabled }) => Number(disabled),
		},
		{
			name: "Connections",
			show: ({ connections }) => connections,
			by: ({ connections }) => connections,
			numeric: true,
		},
		{
			name: "Since",
			show: ({ created_at }) => <When at={created_at} />,
			by: ({ created_at }) => Date.parse(created_at),
		},
		{
			name: "Actions",
			show: ({ id, username }) => (
				<button type="button" className="small" aria-label={`Manage ${username}`} onClick={() => open(id)}>
					Manage
				</button>
			),
		},
	];
}
