import { useEffect, useState } from "react";
import type { Channel, Stats } from "../../../contract/http.gen";
import { usePageTitle } from "../../lib/page-title";
import { Trouble, Waiting } from "../../ui/trouble";
import { AdminGate } from "./admin-gate";
import { type Column, DataTable } from "./data-table";
import { MissingNodes } from "./missing-nodes";
import { Nodes } from "./nodes";
import { Plots } from "./plots";
import { nothing, ratesOf, type Series, take } from "./rates";
import { SearchField } from "./search-field";
import { matching } from "./sorted";
import { Spark } from "./spark";
import { useAdmin } from "./use-admin";

const every = 2_000;

/** What flows through the hub, and who follows what. */
export function ChannelsPage() {
	usePageTitle("Channels");
	return (
		<AdminGate title="Channels">
			<Flow />
		</AdminGate>
	);
}

function Flow() {
	const stats = useAdmin("GET /api/admin/stats", {}, every);
	const open = useAdmin("GET /api/admin/connections", { query: { limit: 200 } }, every);
	const [series, setSeries] = useState<Series>(nothing);
	useEffect(() => {
		const latest = stats.data;
		if (latest) setSeries((before) => take(before, latest, open.data?.connections ?? []));
	}, [stats.data, open.data]);
	const [search, setSearch] = useState("");
	if (stats.isPending) return <Waiting lines={8} />;
	if (!stats.data) return <Trouble error={stats.error} onRetry={() => stats.refetch()} />;
	return (
		<>
			{stats.isError && <Trouble error={stats.error} onRetry={() => stats.refetch()} />}
			<MissingNodes names={stats.data.missing} />
			<Plots series={series} />
			<Counters stats={stats.data} />
			{stats.data.nodes.length > 1 && <Nodes nodes={stats.data.nodes} />}
			<div className="tools">
				<SearchField label="Filter" hint="Part of a name" value={search} onChange={setSearch} />
				<p className="quiet">
					{stats.data.followed === 1 ? "1 channel is" : `${stats.data.followed} channels are`} followed
					{stats.data.followed > stats.data.channels.length && `; the ${stats.data.channels.length} busiest are here`}
				</p>
			</div>
			<DataTable
				label="Channels"
				columns={columnsOf(series)}
				rows={matching(stats.data.channels, search, ({ name }) => name)}
				keyOf={({ name }) => name}
				order={{ column: "Per second", descending: true }}
				empty={search ? "No channel matches. Clear the filter to see all." : "Nobody follows a channel."}
			/>
		</>
	);
}

function columnsOf(series: Series): Column<Channel>[] {
	return [
		{ name: "Channel", show: ({ name }) => <code>{name}</code>, by: ({ name }) => name, head: true },
		{
			name: "Subscribers",
			show: ({ subscribers }) => subscribers.toLocaleString(),
			by: ({ subscribers }) => subscribers,
			numeric: true,
		},
		{
			name: "Publications",
			show: ({ publications }) => publications.toLocaleString(),
			by: ({ publications }) => publications,
			numeric: true,
		},
		{
			name: "Per second",
			show: ({ per_second }) => per_second.toFixed(1),
			by: ({ per_second }) => per_second,
			numeric: true,
		},
		{ name: "Last five minutes", show: ({ name }) => <Spark values={ratesOf(series, name)} /> },
	];
}

/** The counters since the server started. */
function Counters({ stats }: { stats: Stats }) {
	const facts: [string, number][] = [
		["Connections opened", stats.opened],
		["Not yet known", stats.pending],
		["Messages received", stats.received],
		["Messages sent", stats.sent],
		["Publications delivered", stats.delivered],
		["Recoverable", stats.recoverable],
		["Dropped", stats.dropped],
		["Refused by limits", Object.values(stats.refused ?? {}).reduce((sum, count) => sum + count, 0)],
	];
	return (
		<dl className="counters">
			{facts.map(([name, count]) => (
				<div key={name}>
					<dt>{name}</dt>
					<dd>{count.toLocaleString()}</dd>
				</div>
			))}
		</dl>
	);
}
