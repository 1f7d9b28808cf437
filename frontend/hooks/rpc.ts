import type { Connection } from "./connection-store";
import { RpcError } from "./rpc-error";
import { createStore, type Store } from "./store";

/** What a screen can show of calls. */
export interface RpcSnapshot<Out> {
	/** Whether an answer is awaited. */
	pending: boolean;
	/** The latest answer. */
	data: Out | undefined;
	/** Why the latest call failed; null after one that did not. */
	error: RpcError | null;
}

/** The calls of a component to one method. */
export interface UseRpc<In, Out> extends RpcSnapshot<Out> {
	/**
	 * Calls the method. Rejects with an `RpcError`, or with the signal's reason when it
	 * or the component is gone; the server may carry the call out all the same.
	 */
	call: (input: In, signal?: AbortSignal) => Promise<Out>;
}

export function createRpc<In, Out>(connection: Connection, method: string): Store<UseRpc<In, Out>> {
	const { codec } = connection;
	let pending = 0;
	let calls = 0;
	let here = new AbortController();

	const ask = (input: In): Promise<Out> =>
		connection.client
			.rpc(method, codec.encode(input))
			.then(({ data }) => codec.decode(data) as Out)
			.catch((error) => Promise.reject(RpcError.from(error)));
	const change = (to: Partial<RpcSnapshot<Out>>) => store.set({ ...store.snapshot(), ...to, pending: pending > 0 });
	const call = async (input: In, signal?: AbortSignal): Promise<Out> => {
		const latest = ++calls;
		let outcome: Partial<RpcSnapshot<Out>> = {};
		pending++;
		change({});
		try {
			const data = await unlessAborted(ask(input), [here.signal, signal]);
			outcome = { data, error: null };
			return data;
		} catch (error) {
			if (error instanceof RpcError) outcome = { error };
			throw error;
		} finally {
			pending--;
			change(latest === calls ? outcome : {});
		}
	};
	const store: Store<UseRpc<In, Out>> = createStore<UseRpc<In, Out>>(
		{ pending: false, data: undefined, error: null, call },
		() => {
			here = new AbortController();
			return () => here.abort(); // an AbortError
		},
	);
	return store;
}

function unlessAborted<T>(work: Promise<T>, signals: (AbortSignal | undefined)[]): Promise<T> {
	return new Promise((resolve, reject) => {
		const settled = new AbortController();
		for (const signal of signals) {
			const abort = () => reject(signal?.reason);
			if (signal?.aborted) abort();
			signal?.addEventListener("abort", abort, settled);
		}
		work.then(resolve, reject).finally(() => settled.abort());
	});
}
