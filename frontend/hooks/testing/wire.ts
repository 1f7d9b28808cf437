// What of Centrifugo's client protocol, in JSON, the fake server speaks.

/** Who a connection belongs to. */
export interface WireInfo {
	client: string;
	user: string;
	conn_info?: unknown;
}

export interface WirePublication {
	data: unknown;
	offset?: number;
	info?: WireInfo;
}

/** One command of a client. */
export interface Command {
	id?: number;
	connect?: { token?: string; data?: unknown };
	subscribe?: { channel: string; recover?: boolean; epoch?: string; offset?: number; join_leave?: boolean };
	unsubscribe?: { channel: string };
	publish?: { channel: string; data: unknown };
	presence?: { channel: string };
	presence_stats?: { channel: string };
	history?: { channel: string; limit?: number; reverse?: boolean };
	rpc?: { method: string; data?: unknown };
	send?: { data?: unknown };
	refresh?: { token: string };
	sub_refresh?: { channel: string; token: string };
}

/** What is answered in place of a result. */
export interface WireError {
	code: number;
	message: string;
	temporary?: boolean;
}

/** The answer to one command. */
export type Reply = { error: WireError } | { [result: string]: unknown };

export interface Push {
	channel?: string;
	pub?: WirePublication;
	join?: { info: WireInfo };
	leave?: { info: WireInfo };
	unsubscribe?: { code: number; reason: string };
	message?: { data: unknown };
}
