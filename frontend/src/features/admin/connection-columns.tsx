import type { Connection } from "../../../contract/http.gen";
import { nameOf } from "../../lib/device-name";
import { When } from "../../ui/when";
import { Way } from "./connection-way";
import type { Column } from "./data-table";
import type { Ending } from "./end-connection";

const nodes: Column<Connection> = { name: "Node", show: ({ node }) => node, by: ({ node }) => node };

/** The columns of open connections; the nodes where there are several. */
export function columnsOf(end: (ending: Ending) => void, several: boolean): Column<Connection>[] {
	return [
		{ name: "User", show: ({ username }) => <b>{username}</b>, by: ({ username }) => username, head: true },
		{
			name: "Device",
			show: ({ device }) => (
				<span className="clip" title={device}>
					{nameOf(device)}
				</span>
			),
			by: ({ device }) => nameOf(device),
		},
		{ name: "Carrier", show: ({ carrier }) => carrier, by: ({ carrier }) => carrier },
		{ name: "Address", show: ({ address }) => <code>{address}</code>, by: ({ address }) => address },
		...(several ? [nodes] : []),
		{ name: "Since", show: ({ since }) => <When at={since} />, by: ({ since }) => Date.parse(since) },
		{
			name: "Channels",
			show: ({ channels }) => <span title={channels.join("\n")}>{channels.length}</span>,
			by: ({ channels }) => channels.length,
			numeric: true,
		},
		{
			name: "Queue",
			show: ({ queue_bytes }) => `${queue_bytes.toLocaleString()} B`,
			by: ({ queue_bytes }) => queue_bytes,
			numeric: true,
		},
		{
			name: "Round trip",
			show: ({ round_trip_ms: ms }) => (ms > 0 ? `${ms.toFixed(1)} ms` : "not yet"),
			by: ({ round_trip_ms }) => round_trip_ms,
			numeric: true,
		},
		{
			name: "Actions",
			show: (connection) => (
				<span className="ways">
					<Way label="Disconnect" of={connection} onClick={() => end({ how: "disconnect", connection })} />
					<Way label="Revoke" of={connection} onClick={() => end({ how: "revoke", connection })} />
				</span>
			),
		},
	];
}
