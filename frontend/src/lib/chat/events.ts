import type { Announced, YodelContract } from "../../../contract/realtime.gen";

type Channels = YodelContract["channels"];

/** The events of `room:{id}`. Each has the room's next seq. */
export type RoomEvent = Channels["room:{id}"];

/** The events of `user:{id}`. */
export type UserEvent = Channels["user:{id}"];

/** What a moderator told everybody. */
export type Announcement = Announced["announcement"];

/** Whether what came in a channel of the server's choosing is an event of `user:{id}`. */
export function isUserEvent(channel: string, data: unknown): data is UserEvent {
	return channel.startsWith("user:") && typeof data === "object" && data !== null && "type" in data;
}

/** Whether an event shows that one before it, or the one whose notice it is, was missed by who has heard all up to a seq. */
export function isMissing(event: RoomEvent, heard: number): boolean {
	return event.seq > heard + 1 || (event.type === "message.notice" && event.seq > heard);
}
