// Code generated from Go types by github.com/yodelrt/yodel/realtime/gen. DO NOT EDIT.

/** An event with the tag that tells it from the others of its channel. */
export type Tagged<Type extends string, Fields> = { type: Type } & Fields;

/** ChatMessage is one that was sent. */
export interface ChatMessage {
	/**
	 * At is when it happened.
	 *
	 * In UTC.
	 */
	at: string;
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	id: number;
	serial: string;
	from: Person;
	also?: Role | null;
	text: string;
	tags?: string[];
	likes: { [key: string]: number } | null;
	rows?: { [key: string]: number[] | null };
	thumb?: string;
	extra?: unknown;
	place: [number, number];
	quoted?: ChatMessage;
	reply?: Thread;
	"in line": {
		X: number;
	};
	edited?: string | null;
}

/** Cleared says that all are. */
export interface Cleared {}

/** Erased says that a message is gone. */
export interface Erased {
	/** 64 bits: JavaScript is exact up to 2^53-1. */
	id: number;
}

/** MailMessage is a letter. */
export interface MailMessage {
	subject: string;
}

/** PageMessage is some of many. */
export interface PageMessage {
	items: ChatMessage[];
	More: boolean;
}

/** Person is somebody. A comment with *\/ in it stays a comment. */
export interface Person {
	/** as they want it */
	name: string;
	role: Role;
	/** Boss is null for nobody's subordinate. */
	boss?: Person | null;
}

/** Role is what a person may do. */
export type Role = "member" | "admin";

/** Thread is a list of lists. */
export type Thread = (Thread | null)[];

/** Typing says who writes. */
export interface Typing {
	user: string;
}

/** Welcome is what those who connect are told. */
export interface Welcome {
	online: number;
}

/** What flows over the socket: calls, events by the pattern of their channel, and messages outside of any. */
export interface YodelContract {
	rpc: {
		"message.list": { in: Record<string, never>; out: PageMessage };
		"message.send": { in: ChatMessage; out: ChatMessage };
		"roles of/all": { in: Role[] | null; out: { [key: string]: boolean } | null };
	};
	channels: {
		"free": unknown;
		"room:{id}":
			| Tagged<"message.sent", ChatMessage>
			| Tagged<"message.erased", Erased>
			| Tagged<"cleared", Cleared>;
		"room:{id}:typing": Typing;
	};
	messages: MailMessage;
}
