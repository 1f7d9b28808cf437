/** What one attempt presents. */
export interface Presented {
	query?: Record<string, string>;
	protocols?: string[];
	/** Sent as soon as the socket is open. */
	first?: string;
}

/** What became of an attempt. Browsers hide the status of a refused upgrade; they report 1006. */
export type Outcome =
	| { opened: true; protocol: string; user: string; milliseconds: number }
	| { opened: false; code: number; reason: string; upgraded: boolean };

const patience = 5000;

/** Opens a real socket, waits for the greeting or the end, and closes it. */
export function attempt(route: string, presented: Presented): Promise<Outcome> {
	const url = new URL(route, location.href);
	url.protocol = url.protocol.replace(/^http/, "ws");
	for (const [name, value] of Object.entries(presented.query ?? {})) url.searchParams.set(name, value);
	const began = performance.now();
	return new Promise((resolve) => {
		const socket = new WebSocket(url, presented.protocols ?? ["yodel"]);
		let upgraded = false;
		const finish = (outcome: Outcome) => {
			clearTimeout(timer);
			socket.onclose = null;
			socket.close(1000);
			resolve(outcome);
		};
		const timer = setTimeout(() => finish({ opened: false, code: 0, reason: "no answer", upgraded }), patience);
		socket.onopen = () => {
			upgraded = true;
			if (presented.first !== undefined) socket.send(presented.first);
		};
		socket.onmessage = (event) => {
			const heard = JSON.parse(String(event.data)) as { type: string; user?: string };
			if (heard.type !== "welcome") return;
			const milliseconds = Math.round(performance.now() - began);
			finish({ opened: true, protocol: socket.protocol, user: heard.user ?? "", milliseconds });
		};
		socket.onclose = (event) => finish({ opened: false, code: event.code, reason: event.reason, upgraded });
	});
}
