import { useState } from "react";
import type { Person } from "../../contract/realtime.gen";
import { useChatState } from "../lib/chat/chat";
import { useRpc } from "../lib/yodel";
import { Confirm } from "./confirm";

/** Keeps somebody away, after one question, or lets them come near again. */
export function BlockButton({ person }: { person: Person }) {
	const [asked, setAsked] = useState(false);
	const { call: block, error: unblockable, pending: blocking } = useRpc("people.block");
	const { call: unblock, error: stuck, pending: unblocking } = useRpc("people.unblock");
	const blocked = useChatState(({ contacts }) => contacts.blocked.has(person.id));
	const name = person.name || person.username;
	const ref = { user_id: person.id };
	const quietly = (work: Promise<unknown>) => work.catch(() => {}); // shown below
	const problem = unblockable ?? stuck;
	return (
		<>
			<button
				type="button"
				disabled={blocking || unblocking}
				aria-label={`${blocked ? "Unblock" : "Block"} ${person.username}`}
				onClick={() => (blocked ? quietly(unblock(ref)) : setAsked(true))}
			>
				{blocked ? "Unblock" : "Block"}
			</button>
			{problem && (
				<p className="problem" role="alert">
					{problem.message}
				</p>
			)}
			{asked && (
				<Confirm
					title={`Block ${name}?`}
					action="Block"
					onCancel={() => setAsked(false)}
					onConfirm={() => {
						setAsked(false);
						quietly(block(ref));
					}}
				>
					<p>
						They can't write to you, invite you or mention you. In rooms that you share, what they say is hidden until
						you ask for it. They are not told, and you can unblock them at any time.
					</p>
				</Confirm>
			)}
		</>
	);
}
