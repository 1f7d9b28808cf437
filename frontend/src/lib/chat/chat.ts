import { createContext, useContext, useSyncExternalStore } from "react";
import type { MyRoom } from "../../../contract/realtime.gen";
import type { ChatState, ChatStore } from "./chat-store";

/** What the pages of the chat share: what is known, and the way to change it. */
export interface Chat {
	store: ChatStore;
	/** Reads the rooms again. */
	reload: () => void;
}

// Alone with types in this module: see the context of the hooks.
export const ChatContext = createContext<Chat | null>(null);

/** The chat of who is signed in. It is the same for as long as they are: what changes is read with `useChatState`. */
export function useChat(): Chat {
	const chat = useContext(ChatContext);
	if (!chat) throw new Error("useChat needs a <ChatProvider> around the component that calls it.");
	return chat;
}

/**
 * A part of what is known of the chat. The component is drawn again when that part is another one.
 *
 * @param select gives something with an identity: a text, a number, or what stands in the state
 */
export function useChatState<Part>(select: (state: ChatState) => Part): Part {
	const { store } = useChat();
	return useSyncExternalStore(store.subscribe, () => select(store.snapshot()));
}

/** One room; undefined where one is not in it, or while the rooms are not known. */
export function useRoom(id: string): MyRoom | undefined {
	return useChatState(({ rooms }) => rooms?.get(id));
}
