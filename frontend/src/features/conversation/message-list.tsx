import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import { Virtuoso, type VirtuosoHandle } from "react-virtuoso";
import type { Waiting } from "../../lib/chat/outbox";
import { MessageRow, type RowActions } from "./message-row";
import { type Row, rowMaker } from "./rows";
import type { Timeline } from "./timeline";
import { nearEnd, useFollowing } from "./use-following";
import { WaitingRow } from "./waiting-row";

interface Props {
	timeline: Timeline;
	waiting: readonly Waiting[];
	actions: RowActions;
	onOlder: () => void;
	onEnd: (atEnd: boolean) => void;
}

/** Indexes begin high, so that rows can come in at the front without moving those that are read. */
const start = 1_000_000_000;

/** Pixels of most rows, a line below others of the same author. A row that comes and goes unmeasured in a burst counts so. */
const oneLine = 28;

const day = { weekday: "long", day: "numeric", month: "long" } as const;
const thisYear = new Intl.DateTimeFormat(undefined, day);
const otherYear = new Intl.DateTimeFormat(undefined, { ...day, year: "numeric" });

/** The day in words, with the year where it is not this one. */
function dayIn(at: Date): string {
	return (at.getFullYear() === new Date().getFullYear() ? thisYear : otherYear).format(at);
}

/** The messages of a room: older ones come in above, newer ones below, and what is being read stays. */
export function MessageList({ timeline, waiting, actions, onOlder, onEnd }: Props) {
	const list = useRef<VirtuosoHandle>(null);
	const [atEnd, setAtEnd] = useState(true);
	const [rowsOf] = useState(rowMaker);
	const rows = useMemo(() => rowsOf(timeline.messages ?? [], waiting), [rowsOf, timeline.messages, waiting]);
	const first = useFirstIndex(rows);
	const { follows, gestures } = useFollowing();
	const toEnd = () => list.current?.scrollToIndex({ index: "LAST", align: "end" });
	const newest = timeline.messages?.at(-1)?.id;
	if (rows.length === 0)
		return (
			<div className="nothing">
				<p>Nobody has said anything here yet. Write the first message below.</p>
			</div>
		);
	return (
		<div className="list" role="log" aria-label="Messages" onKeyDown={walk}>
			<Virtuoso
				ref={list}
				data={rows}
				firstItemIndex={first}
				initialTopMostItemIndex={rows.length - 1}
				alignToBottom
				defaultItemHeight={oneLine}
				computeItemKey={(_, row) => row.id}
				startReached={onOlder}
				{...gestures}
				followOutput={() => (follows() ? "auto" : false)}
				totalListHeightChanged={() => follows() && toEnd()}
				atBottomThreshold={nearEnd}
				atBottomStateChange={(end) => {
					setAtEnd(end);
					onEnd(end);
				}}
				itemContent={(_, row) => <RowView row={row} newest={newest} actions={actions} />}
			/>
			{!atEnd && (
				<button type="button" className="to-end" onClick={toEnd}>
					Newest messages
				</button>
			)}
		</div>
	);
}

/** Rows that came in at the front take numbers below; found by the row that was first before. */
function useFirstIndex(rows: readonly Row[]): number {
	const kept = useRef<{ anchor: string | undefined; index: number }>({ anchor: undefined, index: start });
	return useMemo(() => {
		const anchor = rows.find(({ kind }) => kind === "message")?.id;
		const { anchor: before, index } = kept.current;
		const moved = before === undefined ? 0 : rows.findIndex(({ id }) => id === before);
		const own = rows.findIndex(({ id }) => id === anchor);
		const next = moved > own ? index - (moved - own) : index;
		kept.current = { anchor, index: next };
		return next;
	}, [rows]);
}

interface RowProps {
	row: Row;
	newest: string | undefined;
	actions: RowActions;
}

function RowView({ row, newest, actions }: RowProps) {
	switch (row.kind) {
		case "day":
			return (
				<div className="day">
					<time dateTime={row.at}>{dayIn(new Date(row.at))}</time>
				</div>
			);
		case "message":
			return <MessageRow message={row.message} grouped={row.grouped} newest={row.id === newest} actions={actions} />;
		case "waiting":
			return <WaitingRow waiting={row.waiting} />;
	}
}

/** Up and down move between messages that are on the screen. */
function walk(event: KeyboardEvent<HTMLElement>): void {
	if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
	const at = document.activeElement;
	if (!at?.matches("article.message")) return;
	const all = [...event.currentTarget.querySelectorAll<HTMLElement>("article.message")];
	const next = all[all.indexOf(at as HTMLElement) + (event.key === "ArrowUp" ? -1 : 1)];
	if (!next) return;
	event.preventDefault();
	next.focus();
}
