import type { Centrifuge, ClientInfo, Subscription } from "centrifuge";
import { type Carrier, carriedClient, type Encoding } from "./carried";

/** One thing that was said in the lobby. */
export interface Said {
	from: string;
	text: string;
	at: string;
	/** The position in the channel, which no two have. */
	offset: number;
}

export interface LobbySnapshot {
	state: "connecting" | "live" | "recovering" | "ended";
	/** Why it ended for good. */
	ended: { code: number; reason: string } | null;
	said: readonly Said[];
	/** Names by client, so that one person with two tabs counts twice until shown. */
	present: ReadonlyMap<string, string>;
	/** Something was said that could not be recovered. */
	gap: boolean;
	transport: string;
}

const empty: LobbySnapshot = {
	state: "connecting",
	ended: null,
	said: [],
	present: new Map(),
	gap: false,
	transport: "",
};

const decoder = new TextDecoder();

/** Payloads are objects in JSON and bytes in protobuf. */
function decoded(data: unknown): unknown {
	return data instanceof Uint8Array ? JSON.parse(decoder.decode(data)) : data;
}

function nameOf(info: ClientInfo): string {
	const known = info.connInfo === undefined ? null : (decoded(info.connInfo) as { username?: string } | null);
	return known?.username ?? info.user;
}

/** The lobby as a screen can show it. It knows no React. */
export class LobbyStore {
	#snapshot = empty;
	#listeners = new Set<() => void>();
	#client: Centrifuge | null = null;
	#subscription: Subscription | null = null;

	constructor(
		private readonly carrier: Carrier,
		private readonly encoding: Encoding,
	) {}

	subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};

	snapshot = (): LobbySnapshot => this.#snapshot;

	open(): void {
		const client = carriedClient(this.carrier, this.encoding);
		const lobby = client.newSubscription("lobby", { joinLeave: true });
		this.#client = client;
		this.#subscription = lobby;
		client.on("connecting", () => this.#set({ state: this.#snapshot.said.length > 0 ? "recovering" : "connecting" }));
		client.on("connected", (event) => this.#set({ transport: event.transport }));
		client.on("disconnected", ({ code, reason }) => this.#set({ state: "ended", ended: { code, reason } }));
		lobby.on("subscribed", (event) => {
			this.#set({ state: "live", gap: this.#snapshot.gap || (event.wasRecovering && !event.recovered) });
			void this.#catchUp(lobby, event.wasRecovering);
		});
		lobby.on("publication", (event) => this.#hear([said(event)]));
		lobby.on("join", ({ info }) => this.#presence((present) => present.set(info.client, nameOf(info))));
		lobby.on("leave", ({ info }) => this.#presence((present) => present.delete(info.client)));
		lobby.subscribe();
		client.connect();
	}

	close(): void {
		this.#subscription?.unsubscribe();
		this.#client?.disconnect();
		this.#client?.removeAllListeners();
		this.#client = null;
		this.#subscription = null;
		this.#snapshot = empty;
	}

	/** Says something; fails with a sentence for the person who wrote it. */
	async say(text: string): Promise<void> {
		const body = JSON.stringify({ text });
		const data = this.encoding === "protobuf" ? new TextEncoder().encode(body) : JSON.parse(body);
		await this.#client?.rpc("lobby.say", data);
	}

	/** What was said before, and who is here. */
	async #catchUp(lobby: Subscription, recovering: boolean): Promise<void> {
		const there = await lobby.presence();
		this.#set({ present: new Map(Object.values(there.clients).map((info) => [info.client, nameOf(info)])) });
		if (recovering) return;
		const history = await lobby.history({ limit: 100 });
		this.#hear(history.publications.map(said));
	}

	#hear(fresh: Said[]): void {
		const known = new Set(this.#snapshot.said.map((one) => one.offset));
		const added = fresh.filter((one) => !known.has(one.offset));
		if (added.length === 0) return;
		this.#set({ said: [...this.#snapshot.said, ...added].sort((a, b) => a.offset - b.offset).slice(-500) });
	}

	#presence(change: (present: Map<string, string>) => void): void {
		const present = new Map(this.#snapshot.present);
		change(present);
		this.#set({ present });
	}

	#set(change: Partial<LobbySnapshot>): void {
		this.#snapshot = { ...this.#snapshot, ...change };
		for (const listener of this.#listeners) listener();
	}
}

function said(publication: { data: unknown; offset?: number }): Said {
	return { ...(decoded(publication.data) as Omit<Said, "offset">), offset: publication.offset ?? 0 };
}
