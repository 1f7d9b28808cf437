import type { WirePublication } from "./wire";

let epochs = 0;

/** The kept publications of one channel, and their positions. */
export class Stream {
	epoch = `epoch-${++epochs}`;
	top = 0;
	#kept: WirePublication[] = [];

	constructor(private readonly size: number) {}

	add(publication: WirePublication): WirePublication {
		if (this.size === 0) return publication;
		const positioned = { ...publication, offset: ++this.top };
		this.#kept.push(positioned);
		if (this.#kept.length > this.size) this.#kept.shift();
		return positioned;
	}

	/** Loses everything, as a restarted server does. */
	forget(): void {
		this.epoch = `epoch-${++epochs}`;
		this.top = 0;
		this.#kept = [];
	}

	history(limit = 0, reverse = false): WirePublication[] {
		if (limit === 0) return [];
		const ordered = reverse ? this.#kept.toReversed() : this.#kept;
		return limit < 0 ? [...ordered] : ordered.slice(0, limit);
	}

	/** Everything after an offset, or null when some of it is no longer kept. */
	since(epoch: string, offset: number): WirePublication[] | null {
		if ((epoch !== "" && epoch !== this.epoch) || offset > this.top) return null;
		const missed = this.#kept.filter((each) => (each.offset ?? 0) > offset);
		return missed.length === this.top - offset ? missed : null;
	}
}
