import { type Dispatch, useMemo, useRef, useState } from "react";
import type { Message, MyRoom } from "../../../contract/realtime.gen";
import { useSession } from "../../lib/session";
import { useRpc } from "../../lib/yodel";
import type { RowActions } from "./message-row";
import { powersIn } from "./powers";
import type { TimelineAction } from "./timeline";

/** What can be done with the messages of a room; the answer is shown at once, the event says the same. */
export function useActions(room: MyRoom, dispatch: Dispatch<TimelineAction>, onEdited: () => void): RowActions {
	const { user } = useSession();
	const { call: edit } = useRpc("message.edit");
	const { call: remove } = useRpc("message.delete");
	const { call: react } = useRpc("reaction.set");
	const [editing, setEditing] = useState("");
	const back = useRef(onEdited);
	back.current = onEdited;
	const { moderate: mayModerate } = powersIn(room, user.role);
	const writable = !room.archived_at;
	return useMemo(() => {
		const show = (message: Message) => dispatch({ type: "answered", message });
		return {
			me: user.id,
			mayModerate,
			writable,
			editing,
			onEdit: (messageId) => {
				setEditing(messageId);
				if (messageId === "") back.current();
			},
			edit: (message_id, text) => edit({ message_id, text }).then(show),
			remove: (message_id) => remove({ message_id }).then(show),
			react: (message_id, emoji, on) => react({ message_id, emoji, on }).then(show),
		};
	}, [user.id, mayModerate, writable, editing, edit, remove, react, dispatch]);
}
