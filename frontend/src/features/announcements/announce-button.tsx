import { useState } from "react";
import { useSession } from "../../lib/session";
import { AnnouncePanel } from "./announce-panel";

/** For moderators and administrators of the chat: the way to tell everybody something. */
export function AnnounceButton() {
	const { user } = useSession();
	const [open, setOpen] = useState(false);
	if (user.role === "member") return null;
	return (
		<p className="rail-foot">
			<button type="button" aria-expanded={open} onClick={() => setOpen(true)}>
				Tell everybody
			</button>
			{open && <AnnouncePanel onClose={() => setOpen(false)} />}
		</p>
	);
}
