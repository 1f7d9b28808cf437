import type { Message } from "../../../contract/realtime.gen";
import { sentenceOf } from "../../ui/sentence";
import type { Kept } from "../kept";
import { mayMend } from "../waits";
import { dropUnsent, keepUnsent, readUnsent, type Unsent } from "./unsent";

/** A message that the server has not acknowledged. */
export interface Waiting extends Unsent {
	/** The server's sentence, where it will not take the message; empty while it is tried. */
	problem: string;
	/** The server's answer: it has the message, and the timeline may not have it yet. */
	stored: Message | null;
}

/** Sends one; resolves when the server has stored it. */
export type Deliver = (item: Unsent) => Promise<Message>;

/**
 * What one person wrote and the server has not acknowledged, in the order in
 * which it was written. It survives a reload, and each message has one key for
 * all attempts, so that the server stores it once.
 */
export class Outbox {
	#items: readonly Waiting[];
	#listeners = new Set<() => void>();
	#busy = false;

	constructor(
		readonly userId: string,
		readonly storage: Kept,
	) {
		this.#items = readUnsent(storage, userId).map((item) => ({ ...item, problem: "", stored: null }));
	}

	snapshot = (): readonly Waiting[] => this.#items;

	subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};

	add(item: Unsent): void {
		keepUnsent(this.storage, this.userId, item);
		this.#set([...this.#items, { ...item, problem: "", stored: null }]);
	}

	/** The timeline has it, or the person no longer wants it sent. */
	drop(key: string): void {
		dropUnsent(this.storage, this.userId, key);
		if (this.#items.some((item) => item.key === key)) this.#set(this.#items.filter((item) => item.key !== key));
	}

	/** Tries one again that was refused. */
	revive(key: string): void {
		this.#set(this.#items.map((item) => (item.key === key ? { ...item, problem: "" } : item)));
	}

	/**
	 * Delivers what waits, one after the other. Stops where the connection is not
	 * there for it, and says whether to come back later.
	 */
	async flush(deliver: Deliver): Promise<"done" | "later"> {
		if (this.#busy) return "done"; // the one that runs sees what was added
		this.#busy = true;
		try {
			for (let item = this.#next(); item; item = this.#next()) {
				try {
					this.#delivered(item.key, await deliver(item));
				} catch (error) {
					if ((error as Error).name === "AbortError" || mayMend(error)) return "later";
					this.#refused(item.key, sentenceOf(error));
				}
			}
			return "done";
		} finally {
			this.#busy = false;
		}
	}

	#next(): Waiting | undefined {
		return this.#items.find(({ problem, stored }) => problem === "" && !stored);
	}

	#delivered(key: string, stored: Message): void {
		dropUnsent(this.storage, this.userId, key);
		this.#set(this.#items.map((item) => (item.key === key ? { ...item, stored } : item)));
	}

	#refused(key: string, problem: string): void {
		this.#set(this.#items.map((item) => (item.key === key ? { ...item, problem } : item)));
	}

	#set(items: readonly Waiting[]): void {
		this.#items = items;
		for (const listener of this.#listeners) listener();
	}
}
