import type { YodelHttp } from "./http.gen";
import type { YodelContract } from "./realtime.gen";

type Room = YodelContract["channels"]["room:{id}"];

export const a: YodelContract["rpc"]["message.sent"] | undefined = undefined; // wrong
export const b: Room = { type: "message.erased", id: "7" }; // wrong
export const c: Room = { type: "message.deleted", id: 7 }; // wrong
export const d = (event: Room) => event.text; // wrong
export const e = (message: YodelContract["rpc"]["message.send"]["in"]) => message.likes["a"]; // wrong
export const f: YodelContract["rpc"]["roles of/all"]["in"] = ["king"]; // wrong
export const g: YodelContract["rpc"]["message.list"]["in"] = { page: 1 }; // wrong
export const h: YodelHttp["GET /api/rooms/{room}"]["in"] = {}; // wrong
