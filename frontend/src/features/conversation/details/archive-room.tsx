import type { MyRoom } from "../../../../contract/realtime.gen";
import { useChat } from "../../../lib/chat/chat";
import { useRpc } from "../../../lib/yodel";
import { Confirm } from "./confirm";

/** Ending the talk in a room for good. */
export function ArchiveRoom({ room }: { room: MyRoom }) {
	const { call: archive, error } = useRpc("room.archive");
	const { store } = useChat();
	async function go() {
		try {
			store.dispatch({ type: "synced", room: await archive({ room_id: room.id }) });
		} catch {
			// the line below the button shows the error
		}
	}
	return (
		<Confirm
			label="Archive the room"
			sure={`Archive ${room.name}`}
			keep="Keep it open"
			means="Everybody can still read it, and nobody can write in it again. This can't be undone."
			problem={error?.message}
			onSure={go}
		/>
	);
}
