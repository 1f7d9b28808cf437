import { useMemo, useRef, useState } from "react";
import type { MyRoom } from "../../../contract/realtime.gen";
import { useReportMissing } from "../../lib/chat/catching-up";
import { useChatState } from "../../lib/chat/chat";
import { useOutbox } from "../../lib/chat/outbox-context";
import { titleOf } from "../../lib/chat/rooms";
import { useSession } from "../../lib/session";
import { useConnection } from "../../lib/yodel";
import { Composer } from "./composer";
import { ConversationHead } from "./conversation-head";
import { RoomDetails } from "./details/room-details";
import { MessageList } from "./message-list";
import { BlockedPartner, ReadOnly } from "./read-only";
import { TypingLine } from "./typing-line";
import { useActions } from "./use-actions";
import { useMembers } from "./use-members";
import { useReadMarker } from "./use-read-marker";
import { useSettled } from "./use-settled";
import { useTimeline } from "./use-timeline";
import { useTyping } from "./use-typing";

/** One room: what was said, and the way to say something. */
export function ConversationPage({ room }: { room: MyRoom }) {
	const { user } = useSession();
	const blocked = useChatState(({ contacts }) => contacts.blocked);
	const { state } = useConnection();
	const { timeline, dispatch, loadOlder, refused, catchingUp, problem, retry } = useTimeline(room.id);
	const { waiting: all, send } = useOutbox();
	const waiting = useMemo(() => all.filter(({ roomId }) => roomId === room.id), [all, room.id]);
	const members = useMembers(room);
	const box = useRef<HTMLTextAreaElement>(null);
	const actions = useActions(room, dispatch, () => box.current?.focus());
	const [details, setDetails] = useState(false);
	const [atEnd, setAtEnd] = useState(true);
	useSettled(timeline, waiting, dispatch);
	useReadMarker(room, timeline, atEnd);
	const last = timeline.messages?.at(-1);
	useReportMissing(catchingUp ? Math.max(0, room.messages - (last?.number ?? 0)) : 0);
	const typing = useTyping(room.id);

	function editLast() {
		const mine = timeline.messages?.findLast(({ author, deleted_at }) => author.id === user.id && !deleted_at);
		if (mine) actions.onEdit(mine.id);
	}
	return (
		<div className="conversation" data-details={details}>
			<section className="talk" aria-label={titleOf(room)}>
				<ConversationHead room={room} details={details} onDetails={() => setDetails(!details)} />
				{timeline.messages ? (
					<MessageList timeline={timeline} waiting={waiting} actions={actions} onOlder={loadOlder} onEnd={setAtEnd} />
				) : (
					<Unread problem={problem} retry={retry} />
				)}
				<TypingLine roomId={room.id} lastAuthor={last ? `${last.author.id} ${last.number}` : ""} />
				{room.with && blocked.has(room.with.id) ? (
					<BlockedPartner person={room.with} />
				) : room.archived_at || refused ? (
					<ReadOnly archived={!!room.archived_at} />
				) : (
					<Composer
						roomId={room.id}
						members={members.people}
						box={box}
						onSend={(text) => {
							send(room.id, text);
							typing.over();
						}}
						onTyping={() => state === "live" && typing.goesOn()}
						onEditLast={editLast}
					/>
				)}
			</section>
			{details && <RoomDetails room={room} members={members} onClose={() => setDetails(false)} />}
		</div>
	);
}

/** Before the messages are there: structure, or the reason and a way on. */
function Unread({ problem, retry }: { problem: string; retry: () => void }) {
	if (!problem) return <div className="skeleton" aria-busy="true" role="img" aria-label="Loading the messages" />;
	return (
		<div className="nothing" role="alert">
			<p>{problem}</p>
			<button type="button" onClick={retry}>
				Try again
			</button>
		</div>
	);
}
