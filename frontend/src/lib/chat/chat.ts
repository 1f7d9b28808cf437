import { createContext, type Dispatch, type SetStateAction, useContext } from "react";
import type { Contacts } from "./contacts";
import type { Rooms, RoomsAction } from "./rooms";

/** What the pages of the chat share. */
export interface Chat {
	rooms: Rooms;
	contacts: Contacts;
	/** Why the rooms could not be read; empty where they could. */
	problem: string;
	reload: () => void;
	dispatch: Dispatch<RoomsAction>;
	/** The room whose end somebody looks at; see `useReading`. */
	reading: string | null;
	setReading: Dispatch<SetStateAction<string | null>>;
}

// Alone with types in this module: see the context of the hooks.
export const ChatContext = createContext<Chat | null>(null);

/** The rooms of who is signed in, kept up by their channels. */
export function useChat(): Chat {
	const chat = useContext(ChatContext);
	if (!chat) throw new Error("useChat needs a <ChatProvider> around the component that calls it.");
	return chat;
}
