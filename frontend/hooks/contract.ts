/**
 * What the server offers, as types: calls, events by channel pattern such as
 * `room:{id}`, and messages without a channel. Generated from the server's own
 * types, or written by hand.
 *
 * @example
 * ```ts
 * interface Chat {
 * 	rpc: { "message.send": { in: { room: string; text: string }; out: { id: string } } };
 * 	channels: { "room:{id}": { kind: "said"; text: string } };
 * 	messages: { kind: "announcement"; text: string };
 * }
 * ```
 */
export interface Contract {
	rpc: { [method: string]: { in: unknown; out: unknown } };
	channels: { [pattern: string]: unknown };
	messages: unknown;
}

/** Any interface with the shape of a contract, with or without index signatures. */
export type ContractLike = { rpc: object; channels: object; messages: unknown };

/** The methods that can be called. */
export type MethodOf<C extends ContractLike> = keyof C["rpc"] & string;

/** What a method takes. */
export type InputOf<C extends ContractLike, Method extends MethodOf<C>> = C["rpc"][Method] extends { in: infer In }
	? In
	: never;

/** What a method answers. */
export type OutputOf<C extends ContractLike, Method extends MethodOf<C>> = C["rpc"][Method] extends { out: infer Out }
	? Out
	: never;

/** The names that a pattern stands for: `room:{id}` is `room:${string}`. */
export type NameOf<Pattern extends string> = Pattern extends `${infer Before}{${string}}${infer After}`
	? `${Before}${string}${NameOf<After>}`
	: Pattern;

/** The names of channels. */
export type ChannelNameOf<C extends ContractLike> = NameOf<keyof C["channels"] & string>;

/**
 * Whether a name fits a pattern, segment by segment between colons: a placeholder is one
 * segment, and `{path...}`, which is the last, is one or more.
 */
type Fits<Name extends string, Pattern extends string> = Pattern extends `${infer P}:${infer Ps}`
	? Name extends `${infer N}:${infer Ns}`
		? FitsSegment<N, P> extends true
			? Fits<Ns, Ps>
			: false
		: false
	: Pattern extends `{${string}...}`
		? true
		: Name extends `${string}:${string}`
			? false
			: FitsSegment<Name, Pattern>;

type FitsSegment<Name extends string, Pattern extends string> = Pattern extends `{${string}}`
	? true
	: Name extends Pattern
		? true
		: false;

/** The event type of a channel, found by the pattern that its name fits. */
export type EventOf<C extends ContractLike, Name extends string> = {
	[Pattern in keyof C["channels"] & string]: string extends Pattern
		? C["channels"][Pattern]
		: Fits<Name, Pattern> extends true
			? C["channels"][Pattern]
			: never;
}[keyof C["channels"] & string];
