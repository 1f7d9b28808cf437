import { DevicesPage } from "../features/devices/devices-page";
import { useSession } from "../lib/session";
import { signOut } from "../lib/sign-out";

export default function DevicesRoute() {
	const session = useSession();
	return <DevicesPage onSignOutHere={() => signOut(session)} />;
}
