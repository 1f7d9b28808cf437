import { useCallback, useState } from "react";
import { keepDraft, readDraft } from "../../lib/chat/unsent";
import { kept } from "../../lib/kept";
import { useSession } from "../../lib/session";

/** What somebody is writing in a room; it survives a reload. */
export function useDraft(roomId: string): [string, (text: string) => void] {
	const { user } = useSession();
	const [text, setText] = useState(() => readDraft(kept, user.id, roomId));
	const write = useCallback(
		(next: string) => {
			setText(next);
			keepDraft(kept, user.id, roomId, next);
		},
		[user.id, roomId],
	);
	return [text, write];
}
