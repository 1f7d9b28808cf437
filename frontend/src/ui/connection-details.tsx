import { describeClose } from "yodel-react";
import { useMissing } from "../lib/chat/catching-up";
import { useSession } from "../lib/session";
import { useConnection } from "../lib/yodel";
import { ConnectionPill } from "./connection-pill";

/** The pill, and beside it what a developer wants to see. */
export function ConnectionDetails({ waiting }: { waiting: number }) {
	const connection = useConnection();
	const { onSignedOut } = useSession();
	const missing = useMissing();
	const { close, roundTrip } = connection;
	return (
		<div className="standing">
			<ConnectionPill connection={connection} waiting={waiting} missing={missing} onSignIn={onSignedOut} />
			<details>
				<summary>Details</summary>
				<dl className="facts">
					<dt>Carrier</dt>
					<dd>cookie</dd>
					<dt>Protocol</dt>
					<dd>Centrifugo, JSON</dd>
					<dt>Round trip</dt>
					<dd>{roundTrip === null ? "not yet measured" : `${roundTrip} ms`}</dd>
					<dt>Last close</dt>
					<dd>{close ? `${close.code}: ${describeClose(close.code)}` : "none"}</dd>
				</dl>
			</details>
		</div>
	);
}
