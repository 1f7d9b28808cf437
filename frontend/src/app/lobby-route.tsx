import { LobbyPage } from "../features/lobby/lobby-page";
import { usePageTitle } from "../lib/page-title";
import { useSession } from "../lib/session";

export default function LobbyRoute() {
	usePageTitle("Lobby");
	const { user, onSignedOut } = useSession();
	return <LobbyPage user={user} onSignedOut={onSignedOut} />;
}
