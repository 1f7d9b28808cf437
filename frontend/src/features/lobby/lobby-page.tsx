import { type FormEvent, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { type Carrier, carriers, type Encoding } from "./carried";
import { type LobbySnapshot, LobbyStore } from "./lobby-store";

const words: Record<LobbySnapshot["state"], string> = {
	connecting: "Connecting",
	live: "Live",
	recovering: "Catching up",
	ended: "Ended",
};

/** One channel for everybody: who is here, what was said, and nothing lost in between. */
export function LobbyPage({ onSignedOut }: { onSignedOut: () => void }) {
	const [carrier, setCarrier] = useState<Carrier>("cookie");
	const [encoding, setEncoding] = useState<Encoding>("JSON");
	const store = useMemo(() => new LobbyStore(carrier, encoding), [carrier, encoding]);
	useEffect(() => {
		store.open();
		return () => store.close();
	}, [store]);
	const lobby = useSyncExternalStore(store.subscribe, store.snapshot, store.snapshot);
	const people = [...new Set(lobby.present.values())].sort();
	return (
		<main className="demo">
			<section className="side" aria-label="Connection">
				<div
					className="pill"
					data-state={lobby.state === "live" ? "open" : lobby.state === "ended" ? "closed" : "waiting"}
				>
					<span className="dot" aria-hidden="true" />
					<span role="status" aria-label="Connection">
						{words[lobby.state]}
					</span>
				</div>
				<label className="field">
					<span>Carrier</span>
					<select value={carrier} onChange={(event) => setCarrier(event.target.value as Carrier)}>
						{carriers.map(({ value, label }) => (
							<option key={value} value={value}>
								{label}
							</option>
						))}
					</select>
				</label>
				<label className="field">
					<span>Encoding</span>
					<select value={encoding} onChange={(event) => setEncoding(event.target.value as Encoding)}>
						<option value="JSON">JSON</option>
						<option value="protobuf">protobuf</option>
					</select>
				</label>
				<section aria-label="Here now">
					<h2>Here now</h2>
					<ul className="people">
						{people.map((name) => (
							<li key={name}>{name}</li>
						))}
					</ul>
				</section>
			</section>
			<section className="talk">
				{lobby.state === "ended" && (
					<div className="notice" role="alert">
						<p>The connection has ended: {lobby.ended?.reason || "closed"}.</p>
						<button type="button" className="primary" onClick={onSignedOut}>
							Sign in again
						</button>
					</div>
				)}
				{lobby.gap && (
					<p className="notice" role="status" aria-label="Gap">
						You were away for so long that some messages are no longer kept.
					</p>
				)}
				<SaidList said={lobby.said} />
				<SayForm ready={lobby.state === "live"} say={(text) => store.say(text)} />
			</section>
		</main>
	);
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

function SaidList({ said }: { said: LobbySnapshot["said"] }) {
	const end = useRef<HTMLLIElement>(null);
	const last = said.at(-1)?.offset;
	useEffect(() => {
		if (last) end.current?.scrollIntoView?.({ block: "nearest" });
	}, [last]);
	return (
		<section aria-label="Lobby" className="messages" role="log">
			{said.length === 0 && <p className="empty">Nobody has said anything yet. Be the first.</p>}
			<ol>
				{said.map((one) => (
					<li key={one.offset}>
						<span />
						<b dir="auto">{one.from}</b>
						<span />
						<time dateTime={one.at} title={new Date(one.at).toLocaleString()}>
							{clock.format(new Date(one.at))}
						</time>
						<p dir="auto">{one.text}</p>
					</li>
				))}
				<li ref={end} className="end" aria-hidden="true" />
			</ol>
		</section>
	);
}

function SayForm({ ready, say }: { ready: boolean; say: (text: string) => Promise<void> }) {
	const [text, setText] = useState("");
	const [problem, setProblem] = useState("");
	async function submit(event: FormEvent) {
		event.preventDefault();
		if (text.trim() === "") return;
		try {
			await say(text);
			setText("");
			setProblem("");
		} catch (error) {
			const refusal = error as { message?: string };
			setProblem(`That was not sent: ${refusal.message ?? "try again"}.`);
		}
	}
	return (
		<form className="composer" onSubmit={submit}>
			{problem && (
				<p className="problem" role="alert">
					{problem}
				</p>
			)}
			<div className="line">
				<input
					aria-label="Message"
					placeholder={ready ? "Say something" : "Waiting for the connection"}
					value={text}
					onChange={(event) => setText(event.target.value)}
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
