import type { Message } from "../../../contract/realtime.gen";

/** What others answered with; a click adds one's own or takes it back. */
export function Reactions({ message, onReact }: { message: Message; onReact: (emoji: string, on: boolean) => void }) {
	if (!message.reactions?.length) return null;
	return (
		<ul className="reactions" aria-label="Reactions">
			{message.reactions.map(({ emoji, count, mine }) => (
				<li key={emoji}>
					<button
						type="button"
						aria-pressed={mine}
						aria-label={`${emoji} ${count}`}
						onClick={() => onReact(emoji, !mine)}
					>
						{emoji} <span>{count}</span>
					</button>
				</li>
			))}
		</ul>
	);
}
