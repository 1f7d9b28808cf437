import { useCallback, useEffect, useState } from "react";
import { sentenceOf } from "../ui/sentence";
import { mayMend, pauseBefore } from "./waits";
import { useConnection } from "./yodel";

/** What the server answered last, and why it has not answered since. */
export interface Answer<Out> {
	data: Out | undefined;
	/** A sentence for the page; empty after an answer. */
	problem: string;
	retry: () => void;
}

/**
 * Asks while the connection is live: at once, at each return of it, and again after a fault that may pass.
 * Another `ask` is another question.
 */
export function useAnswer<Out>(ask: (signal: AbortSignal) => Promise<Out>): Answer<Out> {
	const { state } = useConnection();
	const [data, setData] = useState<Out>();
	const [problem, setProblem] = useState("");
	const [attempt, setAttempt] = useState(0);
	useEffect(() => {
		if (state !== "live") return;
		const abort = new AbortController();
		let timer: ReturnType<typeof setTimeout> | undefined;
		let failures = 0;
		const take = (answer: Out) => {
			if (abort.signal.aborted) return;
			setData(answer);
			setProblem("");
		};
		const fail = (error: unknown) => {
			if (abort.signal.aborted) return;
			setProblem(sentenceOf(error));
			if (mayMend(error)) timer = setTimeout(run, pauseBefore(failures++));
		};
		const run = () => ask(abort.signal).then(take, fail);
		void run();
		return () => {
			abort.abort();
			clearTimeout(timer);
		};
	}, [state, ask, attempt]);
	const retry = useCallback(() => setAttempt((count) => count + 1), []);
	return { data, problem, retry };
}
