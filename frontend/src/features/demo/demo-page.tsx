import { useMemo, useState } from "react";
import { usePlainSocket } from "yodel-react";
import type { User } from "../../lib/api";
import type { Carrier } from "../../lib/carriers";
import { ConnectionPill } from "../../ui/connection-pill";
import { RefusalNotice } from "../../ui/refusal-notice";
import { credentialFor, renewal, route } from "./carrier";
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
		credential: (attempt) => credentialFor(carrier, attempt),
		renew: renewal,
	});
	const connections = useConnections(socket.log);
	return (
		<main className="demo">
			<section className="side" aria-label="Connection">
				<ConnectionPill connection={socket} />
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
				{socket.refusal && <RefusalNotice refusal={socket.refusal} onSignIn={onSignedOut} onRetry={socket.retry} />}
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
