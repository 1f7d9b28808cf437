import type { Node } from "../../../contract/http.gen";
import { type Column, DataTable } from "./data-table";

const count = (name: string, of: (node: Node) => number): Column<Node> => ({
	name,
	show: (node) => of(node).toLocaleString(),
	by: of,
	numeric: true,
});

const columns: Column<Node>[] = [
	{ name: "Node", show: ({ name }) => <b>{name}</b>, by: ({ name }) => name, head: true },
	count("Connections", ({ connections }) => connections),
	count("Channels", ({ channels }) => channels),
	count("Received", ({ received }) => received),
	count("Sent", ({ sent }) => sent),
	count("Delivered", ({ delivered }) => delivered),
];

/** What each node carries. */
export function Nodes({ nodes }: { nodes: readonly Node[] }) {
	return (
		<DataTable
			label="Nodes"
			columns={columns}
			rows={nodes}
			keyOf={({ id }) => id}
			order={{ column: "Node", descending: false }}
			empty=""
		/>
	);
}
