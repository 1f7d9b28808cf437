import { useEffect, useState } from "react";
import { useChatState } from "../../lib/chat/chat";
import { useSession } from "../../lib/session";
import { useChannel } from "../../lib/yodel";

/** Milliseconds for which somebody counts as typing after the last sign of it. */
const lasting = 6000;

/** Who is writing at the moment. Its line is always there, so that nothing moves. */
export function TypingLine({ roomId, lastAuthor }: { roomId: string; lastAuthor: string }) {
	const { user } = useSession();
	const blocked = useChatState(({ contacts }) => contacts.blocked);
	const [typing, setTyping] = useState<ReadonlyMap<string, { name: string; until: number }>>(new Map());
	useChannel(`room:${roomId}:typing`, {
		onPublication: ({ data }) => {
			const { user_id, name } = data;
			if (user_id !== user.id && !blocked.has(user_id))
				setTyping((known) => new Map(known).set(user_id, { name, until: Date.now() + lasting }));
		},
	});
	// a message ends its author's typing: lastAuthor is their id and the number of what they said
	useEffect(() => {
		const [author = ""] = lastAuthor.split(" ");
		setTyping((known) => (known.has(author) ? new Map([...known].filter(([id]) => id !== author)) : known));
	}, [lastAuthor]);
	useEffect(() => {
		if (typing.size === 0) return;
		const first = Math.min(...[...typing.values()].map(({ until }) => until));
		const timer = setTimeout(
			() => setTyping((known) => new Map([...known].filter(([, { until }]) => until > Date.now()))),
			Math.max(0, first - Date.now()) + 10,
		);
		return () => clearTimeout(timer);
	}, [typing]);
	const names = [...typing.values()].map(({ name }) => name);
	return (
		<p className="typing quiet" role="status" aria-label="Typing" dir="auto">
			{names.length === 1 && `${names[0]} is writing`}
			{names.length > 1 && `${names.slice(0, 3).join(", ")} are writing`}
		</p>
	);
}
