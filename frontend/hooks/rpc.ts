import type { Connection } from "./connection-store";
import { RpcError, rpcErrorOf } from "./rpc-error";
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

	const ask = async (input: In): Promise<Out> => {
		try {
			const { data } = await connection.client.rpc(method, codec.encode(input));
			return codec.decode(data) as Out;
		} catch (error) {
			throw rpcErrorOf(error);
		}
	};
	const call = (input: In, signal = here.signal): Promise<Out> => {
		const latest = ++calls;
		pending++;
		store.set({ pending: true });
		const settle = (to: Partial<RpcSnapshot<Out>> | false) =>
			store.set({ pending: --pending > 0, ...(latest === calls && to) });
		return unlessAborted(ask(input), [here.signal, signal]).then(
			(data) => {
				settle({ data, error: null });
				return data;
			},
			(error) => {
				settle(error instanceof RpcError && { error });
				throw error;
			},
		);
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

function unlessAborted<T>(work: Promise<T>, signals: AbortSignal[]): Promise<T> {
	return new Promise((resolve, reject) => {
		const settled = new AbortController();
		for (const signal of signals) {
			const abort = () => reject(signal.reason);
			if (signal.aborted) abort();
			signal.addEventListener("abort", abort, settled);
		}
		work.then(resolve, reject).finally(() => settled.abort());
	});
}
