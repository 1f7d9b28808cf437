import { LobbyPage } from "../features/lobby/lobby-page";
import { useSession } from "../lib/session";

export default function LobbyRoute() {
	const { user, onSignedOut } = useSession();
	return <LobbyPage user={user} onSignedOut={onSignedOut} />;
}
