import { useState } from "react";
import type { Connection } from "../../../contract/http.gen";
import { usePageTitle } from "../../lib/page-title";
import { Trouble, Waiting } from "../../ui/trouble";
import { AdminGate } from "./admin-gate";
import { columnsOf } from "./connection-columns";
import { countOf } from "./count";
import { DataTable } from "./data-table";
import { EndConnection, type Ending } from "./end-connection";
import { MissingNodes } from "./missing-nodes";
import { SearchField } from "./search-field";
import { matching } from "./sorted";
import { useAdmin } from "./use-admin";

const most = 200;

/** What is open at this moment, and the way to end it. */
export function ConnectionsPage() {
	usePageTitle("Connections");
	return (
		<AdminGate title="Connections">
			<Open />
		</AdminGate>
	);
}

function Open() {
	const open = useAdmin("GET /api/admin/connections", { query: { limit: most } }, 2_000);
	const [search, setSearch] = useState("");
	const [ending, setEnding] = useState<Ending | null>(null);
	const connections = open.data?.connections ?? [];
	const found = matching(connections, search, textOf);
	return (
		<>
			<div className="tools">
				<SearchField label="Filter" hint="User, device, node or channel" value={search} onChange={setSearch} />
				<p className="quiet" role="status">
					{open.data && countOf(found.length, connections.length, open.data.total)}
				</p>
			</div>
			<MissingNodes names={open.data?.missing ?? []} />
			{open.isPending && <Waiting lines={8} />}
			{open.isError && <Trouble error={open.error} onRetry={() => open.refetch()} />}
			{open.data && (
				<DataTable
					label="Connections"
					columns={columnsOf(
						setEnding,
						connections.some(({ node }) => node),
					)}
					rows={found}
					keyOf={(connection) => connection.client}
					order={{ column: "Since", descending: true }}
					empty={search ? "No connection matches. Clear the filter to see all." : "Nobody is connected."}
				/>
			)}
			{ending && <EndConnection ending={ending} onDone={() => setEnding(null)} />}
		</>
	);
}

function textOf({ username, device, address, carrier, node, channels }: Connection): string {
	return [username, device, address, carrier, node, ...channels].join(" ");
}
