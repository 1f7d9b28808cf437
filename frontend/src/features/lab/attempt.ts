import { type PlainCredential, PlainSocket } from "yodel-react";

/** What one attempt presents. */
export type Presented = PlainCredential;

/** What became of an attempt. Browsers hide the status of a refused upgrade; they report 1006. */
export type Outcome =
	| { opened: true; protocol: string; user: string; milliseconds: number }
	| { opened: false; code: number; reason: string; upgraded: boolean };

const patience = 5000;

/** Opens a real socket, waits for the greeting or the end, and closes it. */
export function attempt(route: string, { protocols = ["yodel"], ...credential }: Presented): Promise<Outcome> {
	const began = performance.now();
	const socket = new PlainSocket({ url: route, protocols, retries: 0 });
	socket.live = { credential: () => credential };
	return new Promise((resolve) => {
		let upgraded = false;
		const finish = (outcome: Outcome) => {
			clearTimeout(timer);
			stop();
			socket.close();
			resolve(outcome);
		};
		const timer = setTimeout(() => finish({ opened: false, code: 0, reason: "no answer", upgraded }), patience);
		const stop = socket.subscribe(() => {
			const { state, close, latest, protocol } = socket.snapshot();
			upgraded ||= state === "open";
			if (state === "refused") finish({ opened: false, code: 0, reason: "", ...close, upgraded });
			const heard = latest ? (JSON.parse(latest.text) as { type: string; user?: string }) : null;
			if (heard?.type !== "welcome") return;
			finish({ opened: true, protocol, user: heard.user ?? "", milliseconds: Math.round(performance.now() - began) });
		});
		socket.open();
	});
}
