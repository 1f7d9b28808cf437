import { type FormEvent, useState } from "react";
import { compose, type Kind } from "./wire";

const kinds: { value: Kind; label: string }[] = [
	{ value: "broadcast", label: "Broadcast" },
	{ value: "direct", label: "Direct" },
	{ value: "echo", label: "Echo" },
];

/** Writing a message. What could not be sent stays in the box. */
export function Composer({ ready, send }: { ready: boolean; send: (text: string) => boolean }) {
	const [kind, setKind] = useState<Kind>("broadcast");
	const [to, setTo] = useState("");
	const [text, setText] = useState("");
	function submit(event: FormEvent) {
		event.preventDefault();
		if (text.trim() !== "" && send(compose(kind, to.trim(), text))) setText("");
	}
	return (
		<form className="composer" onSubmit={submit}>
			<div role="radiogroup" aria-label="Kind" className="kinds">
				{kinds.map(({ value, label }) => (
					<label key={value}>
						<input type="radio" name="kind" checked={kind === value} onChange={() => setKind(value)} />
						<span>{label}</span>
					</label>
				))}
				{kind === "direct" && (
					<input
						aria-label="To"
						placeholder="To whom"
						value={to}
						onChange={(event) => setTo(event.target.value)}
						autoCapitalize="none"
						required
					/>
				)}
			</div>
			<div className="line">
				<input
					aria-label="Message"
					placeholder={ready ? "Write a message" : "Waiting for the connection"}
					value={text}
					onChange={(event) => setText(event.target.value)}
					maxLength={10_000}
					autoComplete="off"
				/>
				<button type="submit" className="primary" disabled={!ready}>
					Send
				</button>
			</div>
		</form>
	);
}
