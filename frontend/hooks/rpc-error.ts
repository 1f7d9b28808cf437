/**
 * A call that failed: the server's own error, or one of the client's (codes below
 * 100: 1 timeout, 3 connection closed, 4 client disconnected, 0 an answer that could
 * not be read).
 *
 * @example
 * ```ts
 * if (error instanceof RpcError && error.code === 103) say("You are not allowed to do that.");
 * ```
 */
export class RpcError extends Error {
	override name = "RpcError";
	constructor(
		/** Code of Centrifugo's protocol, or of the application (400 to 1999). */
		readonly code: number,
		message: string,
		/** Whether the same call may succeed later. */
		readonly temporary = false,
	) {
		super(message);
	}
}

/** The error that centrifuge-js rejects with, as one that has a stack. */
export function rpcErrorOf(error: unknown): RpcError {
	const { code = 0, message, temporary = code < 100 } = Object(error);
	return new RpcError(code, message, temporary);
}
