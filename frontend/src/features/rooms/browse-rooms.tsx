import { useNavigate } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import type { PublicRoom } from "../../../contract/realtime.gen";
import { useChat } from "../../lib/chat/chat";
import { useAnswer } from "../../lib/use-answer";
import { useRpc } from "../../lib/yodel";
import { Panel } from "../../ui/panel";
import { sentenceOf } from "../../ui/sentence";

/** Public rooms, and the way into them. */
export function BrowseRooms({ onClose }: { onClose: () => void }) {
	const [query, setQuery] = useState("");
	const { call: browse } = useRpc("room.browse");
	const { call: join, error } = useRpc("room.join");
	const { store } = useChat();
	const navigate = useNavigate();
	const look = useCallback((signal: AbortSignal) => browse({ query, limit: 100 }, signal), [browse, query]);
	const { data, problem: unread } = useAnswer(look);
	const found = data && (data.rooms ?? []);
	async function enter(room: PublicRoom) {
		try {
			if (!room.joined) store.dispatch({ type: "known", room: await join({ room_id: room.id }) });
			onClose();
			await navigate({ to: "/rooms/$roomId", params: { roomId: room.id } });
		} catch {
			// the panel shows the error
		}
	}
	const problem = error ? sentenceOf(error) : unread;
	return (
		<Panel title="Public rooms" onClose={onClose}>
			<input
				aria-label="Search rooms"
				placeholder="A name, or a part of it"
				value={query}
				onChange={(event) => setQuery(event.target.value)}
			/>
			{problem && (
				<p className="problem" role="alert">
					{problem}
				</p>
			)}
			{found?.length === 0 && <p className="quiet">No public room has such a name. Make one.</p>}
			<ul className="choices">
				{found?.map((room) => (
					<li key={room.id}>
						<span className="grow" dir="auto">
							<b>{room.name}</b> <small>{room.topic}</small>
						</span>
						<button
							type="button"
							onClick={() => enter(room)}
							aria-label={`${room.joined ? "Open" : "Join"} ${room.name}`}
						>
							{room.joined ? "Open" : "Join"}
						</button>
					</li>
				))}
			</ul>
		</Panel>
	);
}
