import { useState } from "react";
import type { MyRoom } from "../../../../contract/realtime.gen";
import { EditRoom } from "./edit-room";

const kinds: Record<string, string> = { public: "Everybody may join", private: "Only by invitation" };

/** Name, topic and kind of a room, and for owners the way to change them. */
export function AboutRoom({ room, mayManage }: { room: MyRoom; mayManage: boolean }) {
	const [editing, setEditing] = useState(false);
	if (editing) return <EditRoom room={room} onDone={() => setEditing(false)} />;
	return (
		<div className="about">
			<p dir="auto">
				<b>{room.name}</b>
			</p>
			<p dir="auto" className={room.topic ? undefined : "quiet"}>
				{room.topic || "No topic yet."}
			</p>
			<p className="quiet">
				{kinds[room.kind]}
				{room.archived_at && ", archived"}
			</p>
			{mayManage && (
				<button type="button" onClick={() => setEditing(true)}>
					Change name or topic
				</button>
			)}
		</div>
	);
}
