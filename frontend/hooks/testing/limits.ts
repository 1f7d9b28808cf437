/** The bounds of a fake server, as the fields of `realtime.Limits`. */
export interface FakeLimits {
	/** Bytes of one frame. A longer one ends its connection with 1009. */
	messageBytes: number;
	/** Commands of one frame. One more ends the connection with 3501. */
	commandsPerFrame: number;
	/** Subscriptions of one connection. One more is answered with error 106. */
	channels: number;
	/** Bytes of a channel's name. A longer one is answered with error 107. */
	channelBytes: number;
	/** Commands in a row that fail for a reason which does not pass. So many end the connection with 3509. */
	errors: number;
}

/** What a hub has by default. */
export const defaultLimits: FakeLimits = {
	messageBytes: 64 << 10,
	commandsPerFrame: 256,
	channels: 128,
	channelBytes: 255,
	errors: 1000,
};

const encoder = new TextEncoder();

/** How long a text is on the wire. */
export const bytesOf = (text: string): number => encoder.encode(text).length;
