import { useMemo, useState } from "react";
import { usePlainSocket } from "../../../hooks/use-plain-socket";
import type { User } from "../../lib/api";
import { ConnectionPill, refusal } from "../../ui/connection-pill";
import { type Carrier, credentialFor, renewal, route } from "./carrier";
import { CarrierChoice } from "./carrier-choice";
import { Composer } from "./composer";
import { MessageList } from "./message-list";
import { parse } from "./wire";

/** The socket, plainly: how it stands, who is there, what was said. */
export function DemoPage({ user, onSignedOut }: { user: User; onSignedOut: () => void }) {
	const [carrier, setCarrier] = useState<Carrier>("cookie");
	const socket = usePlainSocket({
		url: route,
		protocols: ["yodel"],
		identity: `${user.id} ${carrier}`,
		credential: ({ signal }) => credentialFor(carrier, signal),
		renew: renewal,
	});
	const connections = useConnections(socket.log);
	return (
		<main className="demo">
			<section className="side" aria-label="Connection">
				<ConnectionPill socket={socket} onRetry={socket.retry} />
				<p className="quiet">
					{connections === null
						? "Nobody counted yet"
						: `${connections} ${connections === 1 ? "connection" : "connections"} open`}
				</p>
				<CarrierChoice value={carrier} onChange={setCarrier} />
				<dl className="facts">
					<dt>Protocol</dt>
					<dd>{socket.protocol || "none yet"}</dd>
					<dt>Last close</dt>
					<dd>{socket.close ? `${socket.close.code} ${socket.close.reason}` : "none"}</dd>
				</dl>
			</section>
			<section className="talk">
				{socket.state === "refused" && (
					<div className="notice" role="alert">
						<p>{refusal(socket.close)}</p>
						{(socket.close === null || socket.close.code < 3000 || socket.close.code === 3503) && (
							<button type="button" className="primary" onClick={onSignedOut}>
								Sign in again
							</button>
						)}
					</div>
				)}
				<MessageList log={socket.log} />
				<Composer ready={socket.state === "open"} send={socket.send} />
			</section>
		</main>
	);
}

/** The latest count that the server told. */
function useConnections(log: ReturnType<typeof usePlainSocket>["log"]): number | null {
	return useMemo(() => {
		for (let i = log.length - 1; i >= 0; i--) {
			const entry = log[i];
			const heard = entry?.direction === "received" ? parse(entry.text) : null;
			if (heard && (heard.type === "connections" || heard.type === "welcome")) return heard.connections;
		}
		return null;
	}, [log]);
}
