"use client";
import type { Contract, ContractLike, InputOf, MethodOf, OutputOf } from "./contract";
import { createRpc, type UseRpc } from "./rpc";
import { useStore } from "./use-store";

/**
 * Calls a method of the server.
 *
 * @example
 * ```tsx
 * const { call: send, pending, error } = useRpc("message.send");
 * <button disabled={pending} onClick={() => send({ room: "42", text })}>Send</button>
 * ```
 */
export function useRpc<C extends ContractLike = Contract, Method extends MethodOf<C> = MethodOf<C>>(
	method: Method,
): UseRpc<InputOf<C, Method>, OutputOf<C, Method>> {
	return useStore(createRpc<InputOf<C, Method>, OutputOf<C, Method>>, method, undefined);
}
