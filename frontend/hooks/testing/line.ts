import type { Peer } from "./session";

/** The way between a session and its peer, which can be held up in both directions. */
export class Line implements Peer {
	#held: (() => void)[] = [];

	constructor(
		private readonly peer: Peer,
		private stalled: boolean,
	) {}

	stall(): void {
		this.stalled = true;
	}

	flow(): void {
		for (let pass = this.#held.shift(); pass; pass = this.#held.shift()) pass();
		this.stalled = false;
	}

	send(text: string): void {
		this.#pass(() => this.peer.send(text));
	}

	close(code: number, reason: string): void {
		this.#pass(() => this.peer.close(code, reason));
	}

	/** Towards the server. */
	up(deliver: () => void): void {
		this.#pass(deliver);
	}

	#pass(work: () => void): void {
		if (this.stalled) this.#held.push(work);
		else work();
	}
}
