import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import type { AuditEntry } from "../../../contract/http.gen";
import { ask } from "../../lib/ask";
import { usePageTitle } from "../../lib/page-title";
import { Trouble, Waiting } from "../../ui/trouble";
import { When } from "../../ui/when";
import { AdminGate } from "./admin-gate";
import { actions, wordsFor } from "./audit-words";
import { type Column, DataTable } from "./data-table";
import { SearchField } from "./search-field";

/** Who signed in, who was refused, and what administrators did. */
export function AuditPage() {
	usePageTitle("Audit log");
	return (
		<AdminGate title="Audit log">
			<Entries />
		</AdminGate>
	);
}

function useAudit(query: string, action: string) {
	return useInfiniteQuery({
		queryKey: ["admin", "audit", query, action],
		queryFn: ({ pageParam, signal }) =>
			ask("GET /api/admin/audit", { query: { before: pageParam, query, action } }, signal),
		initialPageParam: "",
		getNextPageParam: ({ entries, more }) => (more ? entries.at(-1)?.id : undefined),
		placeholderData: keepPreviousData,
		retry: false,
	});
}

function Entries() {
	const [search, setSearch] = useState("");
	const [action, setAction] = useState("");
	const audit = useAudit(useDeferredValue(search.trim()), action);
	const entries = audit.data?.pages.flatMap((page) => page.entries) ?? [];
	return (
		<>
			<div className="tools">
				<SearchField label="Search" hint="Person, address or detail" value={search} onChange={setSearch} />
				<ActionField value={action} onChange={setAction} />
				<button type="button" onClick={() => audit.refetch()}>
					Read again
				</button>
				<p className="quiet" role="status">
					{audit.data && countOf(entries.length, audit.hasNextPage)}
				</p>
			</div>
			{audit.isPending && <Waiting lines={10} />}
			{audit.isError && <Trouble error={audit.error} onRetry={() => audit.refetch()} />}
			{audit.data && (
				<DataTable
					label="Audit log"
					columns={columns}
					rows={entries}
					keyOf={({ id }) => id}
					empty="Nothing in the last year matches. Clear the search to see all."
				/>
			)}
			{audit.hasNextPage && (
				<button type="button" disabled={audit.isFetchingNextPage} onClick={() => audit.fetchNextPage()}>
					Older entries
				</button>
			)}
		</>
	);
}

function countOf(read: number, more: boolean): string {
	const entries = read === 1 ? "1 entry" : `${read} entries`;
	return more ? `The latest ${entries}` : entries;
}

function ActionField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
	return (
		<label>
			Action
			<select value={value} onChange={(event) => onChange(event.target.value)}>
				<option value="">All</option>
				{Object.entries(actions).map(([value, words]) => (
					<option key={value} value={value}>
						{words}
					</option>
				))}
			</select>
		</label>
	);
}

const columns: Column<AuditEntry>[] = [
	{ name: "When", show: ({ at }) => <When at={at} /> },
	{ name: "Action", show: ({ action }) => wordsFor(action), head: true },
	{ name: "By", show: ({ actor }) => actor || <span className="quiet">nobody known</span> },
	{ name: "Account", show: ({ target }) => target },
	{ name: "Address", show: ({ address }) => address && <code>{address}</code> },
	{ name: "Detail", show: ({ detail }) => detail },
];
