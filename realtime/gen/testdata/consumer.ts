// What a front end does with the generated types.
import type { YodelHttp } from "./http.gen";
import type { ChatMessage, YodelContract } from "./realtime.gen";

interface Contract {
	rpc: { [method: string]: { in: unknown; out: unknown } };
	channels: { [pattern: string]: unknown };
	messages: unknown;
}

type Is<C extends Contract> = C;
export type Checked = Is<YodelContract>;

export function call<C extends Contract, M extends keyof C["rpc"]>(_method: M, _in: C["rpc"][M]["in"]): C["rpc"][M]["out"] {
	throw new Error();
}

export function fold(messages: ChatMessage[], event: YodelContract["channels"]["room:{id}"]): ChatMessage[] {
	switch (event.type) {
		case "message.sent":
			return [...messages, event];
		case "message.erased":
			return messages.filter((one) => one.id !== event.id);
		case "cleared":
			return [];
	}
}

export const first = call<YodelContract, "message.list">("message.list", {}).items[0]?.from.boss?.boss?.name;
export const role: "member" | "admin" | undefined = call<YodelContract, "roles of/all">("roles of/all", ["admin"]) ? "admin" : "member";
export const typing: YodelContract["channels"]["room:{id}:typing"] = { user: "alice" };
export const subject = (message: YodelContract["messages"]) => message.subject.length;
export const path: YodelHttp["POST /api/rooms/{room}"]["path"] = { room: "1" };
