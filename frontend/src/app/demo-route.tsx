import { DemoPage } from "../features/demo/demo-page";
import { useSession } from "../lib/session";

export default function DemoRoute() {
	const { user, onSignedOut } = useSession();
	return <DemoPage user={user} onSignedOut={onSignedOut} />;
}
