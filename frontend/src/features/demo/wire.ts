/** What the server says on /ws/demo. */
export type Heard =
	| { type: "welcome"; user: string; connections: number }
	| { type: "connections"; connections: number }
	| { type: "echo"; data: unknown }
	| { type: "broadcast"; from: string; data: unknown }
	| { type: "direct"; from: string; data: unknown }
	| { type: "error"; code: string };

export type Kind = "broadcast" | "direct" | "echo";

/** Reads a message; null for what this page does not know. */
export function parse(text: string): Heard | null {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === "object" && value !== null && "type" in value ? (value as Heard) : null;
	} catch {
		return null;
	}
}

export function compose(kind: Kind, to: string, data: string): string {
	return JSON.stringify(kind === "direct" ? { type: kind, to, data } : { type: kind, data });
}

const refusals: Record<string, string> = {
	unknown_user: "There is nobody of that name.",
	too_many_requests: "That was too fast. Wait a moment.",
	bad_message: "The server could not read that message.",
	unknown_type: "The server does not know that kind of message.",
	internal: "Something went wrong on the server. It was logged.",
};

/** A sentence for an error code. */
export function explain(code: string): string {
	return refusals[code] ?? "The server refused that message.";
}
