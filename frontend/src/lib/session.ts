import { createContext, useContext } from "react";
import type { User } from "./api";

/** Who is signed in, and what to do when they no longer are. */
export interface Session {
	user: User;
	/** Takes what the server says of the user now, such as another role. */
	onUser: (user: User) => void;
	/** Shows the login: the session is over, by a click or by the server's word. */
	onSignedOut: () => void;
}

export const SessionContext = createContext<Session | null>(null);

/** The session of the page. */
export function useSession(): Session {
	const session = useContext(SessionContext);
	if (!session) throw new Error("useSession needs a <SessionContext> around the component that calls it.");
	return session;
}
