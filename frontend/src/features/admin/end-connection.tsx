import type { Connection } from "../../../contract/http.gen";
import { Confirm } from "../../ui/confirm";
import { sentenceOf } from "../../ui/sentence";
import { useAct } from "./use-admin";

/** Which connection ends, and for how long. */
export interface Ending {
	how: "disconnect" | "revoke";
	connection: Connection;
}

/** Asks once, and names what ends. */
export function EndConnection({ ending: { how, connection }, onDone }: { ending: Ending; onDone: () => void }) {
	const disconnect = useAct("DELETE /api/admin/connections/{client}");
	const revoke = useAct("DELETE /api/admin/users/{id}/sessions/{session}");
	const { client, user_id, session_id, username, address, carrier } = connection;
	const options = { onSuccess: onDone };
	const act = () =>
		how === "disconnect"
			? disconnect.mutate({ path: { client } }, options)
			: revoke.mutate({ path: { id: user_id, session: session_id } }, options);
	const failed = disconnect.error ?? revoke.error;
	const what = `${username}, by ${carrier} from ${address}`;
	return (
		<Confirm
			title={how === "disconnect" ? `Disconnect ${username}?` : `Sign ${username} out?`}
			action={how === "disconnect" ? "Disconnect" : "Sign out"}
			onConfirm={act}
			onCancel={onDone}
		>
			<p>
				{how === "disconnect"
					? `This connection ends: ${what}. It may come back at once.`
					: `The login of this connection ends, with everything that it has open: ${what}. They have to sign in again there.`}
			</p>
			{failed != null && (
				<p className="problem" role="alert">
					{sentenceOf(failed)}
				</p>
			)}
		</Confirm>
	);
}
