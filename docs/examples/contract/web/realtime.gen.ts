// Code generated from Go types by github.com/yodelrt/yodel/realtime/gen. DO NOT EDIT.

/** An event with the tag that tells it from the others of its channel. */
export type Tagged<Type extends string, Fields> = { type: Type } & Fields;

/** Erase is what a client asks for to take it back. */
export interface Erase {
	room: string;
	id: string;
}

/** Erased says that a message is gone. */
export interface Erased {
	id: string;
}

/** Message is one that was sent to a room. */
export interface Message {
	id: string;
	from: string;
	text: string;
	at: string;
}

/** Send is what a client asks for to say something. */
export interface Send {
	room: string;
	text: string;
}

/** What flows over the socket: calls, events by the pattern of their channel, and messages outside of any. */
export interface YodelContract {
	rpc: {
		"message.erase": { in: Erase; out: Record<string, never> };
		"message.send": { in: Send; out: Message };
	};
	channels: {
		"room:{id}":
			| Tagged<"message.sent", Message>
			| Tagged<"message.erased", Erased>;
	};
	messages: unknown;
}
