import { useNavigate } from "@tanstack/react-router";
import type { MyRoom } from "../../../../contract/realtime.gen";
import { useChat } from "../../../lib/chat/chat";
import { useRpc } from "../../../lib/yodel";
import { Confirm } from "./confirm";

/** The way out of a room. */
export function LeaveRoom({ room }: { room: MyRoom }) {
	const { call: leave, error } = useRpc("room.leave");
	const { store } = useChat();
	const navigate = useNavigate();
	async function go() {
		try {
			await leave({ room_id: room.id });
			await navigate({ to: "/" });
			store.dispatch({ type: "forgotten", roomId: room.id });
		} catch {
			// the line below the button shows the error
		}
	}
	return (
		<Confirm
			label="Leave the room"
			sure={`Leave ${room.name}`}
			keep="Stay"
			{...(room.kind === "private" && { means: "You come back only when somebody invites you." })}
			problem={error?.message}
			onSure={go}
		/>
	);
}
