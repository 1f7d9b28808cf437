import { DemoPage } from "../features/demo/demo-page";
import { usePageTitle } from "../lib/page-title";
import { useSession } from "../lib/session";

export default function DemoRoute() {
	usePageTitle("Demo");
	const { user, onSignedOut } = useSession();
	return <DemoPage user={user} onSignedOut={onSignedOut} />;
}
