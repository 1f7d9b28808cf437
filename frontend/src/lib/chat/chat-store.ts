import { type Contacts, type ContactsAction, contactsReducer, noContacts } from "./contacts";
import type { UserEvent } from "./events";
import { type Rooms, type RoomsAction, roomsReducer } from "./rooms";

/** What is known of the chat. */
export interface ChatState {
	rooms: Rooms;
	contacts: Contacts;
	/** Why the rooms could not be read; empty where they could. */
	problem: string;
	/** The room whose end somebody looks at; see `useReading`. */
	reading: string | null;
}

/** What is known of the chat, for components that each look at a part of it. */
export class ChatStore {
	#state: ChatState = { rooms: null, contacts: noContacts, problem: "", reading: null };
	#listeners = new Set<() => void>();

	snapshot = (): ChatState => this.#state;

	subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};

	/** Takes in one more thing that happened to the rooms. */
	dispatch = (action: RoomsAction): void => this.#set({ rooms: roomsReducer(this.#state.rooms, action) });

	/** Takes in what others ask of somebody, or whom they keep away. */
	contacts = (action: ContactsAction): void => this.#set({ contacts: contactsReducer(this.#state.contacts, action) });

	/** Takes in an event of one's own channel. */
	hear = (event: UserEvent): void => {
		const action = { type: "user", event } as const;
		const { rooms, contacts } = this.#state;
		this.#set({ rooms: roomsReducer(rooms, action), contacts: contactsReducer(contacts, action) });
	};

	fail = (problem: string): void => this.#set({ problem });

	/** Somebody looks at the end of a room. */
	read = (roomId: string): void => this.#set({ reading: roomId });

	/** Nobody looks at the end of that room any more. */
	leave = (roomId: string): void => {
		if (this.#state.reading === roomId) this.#set({ reading: null });
	};

	#set(to: Partial<ChatState>): void {
		this.#state = { ...this.#state, ...to };
		for (const listener of this.#listeners) listener();
	}
}
