import { type FormEvent, useState } from "react";
import { useEphemeral, useRpc } from "../../lib/yodel";
import { Typing } from "./typing";

/** Saying something. What could not be sent stays in the box. */
export function SayForm({ ready }: { ready: boolean }) {
	const { call: say, error } = useRpc("lobby.say");
	const { others, send: show } = useEphemeral("lobby:typing");
	const [text, setText] = useState("");
	function type(next: string) {
		setText(next);
		show({ typing: next !== "" });
	}
	async function submit(event: FormEvent) {
		event.preventDefault();
		if (text.trim() === "") return;
		try {
			await say({ text });
			type("");
		} catch {
			// the form shows the error
		}
	}
	return (
		<form className="composer" onSubmit={submit}>
			{error && (
				<p className="problem" role="alert">
					That was not sent: {error.message}.
				</p>
			)}
			<Typing others={others} />
			<div className="line">
				<input
					aria-label="Message"
					placeholder={ready ? "Say something" : "Waiting for the connection"}
					value={text}
					onChange={(event) => type(event.target.value)}
					maxLength={2000}
					autoComplete="off"
				/>
				<button type="submit" className="primary" disabled={!ready}>
					Send
				</button>
			</div>
		</form>
	);
}
