import { Outlet, useLocation } from "@tanstack/react-router";
import { Suspense, useMemo } from "react";
import { AnnounceButton } from "../features/announcements/announce-button";
import { AnnouncementBanner } from "../features/announcements/announcement-banner";
import { useAnnouncement } from "../features/announcements/use-announcement";
import { RoomRail } from "../features/rooms/room-rail";
import { credentialsFor } from "../lib/carriers";
import { CatchingUpProvider } from "../lib/chat/catching-up-provider";
import { useChatState } from "../lib/chat/chat";
import { ChatProvider } from "../lib/chat/chat-provider";
import type { ChatState } from "../lib/chat/chat-store";
import { useOutbox } from "../lib/chat/outbox-context";
import { OutboxProvider } from "../lib/chat/outbox-provider";
import { useUnreadInTitle } from "../lib/page-title";
import { useSession } from "../lib/session";
import { useConnection, YodelProvider } from "../lib/yodel";
import { ConnectionDetails } from "../ui/connection-details";
import { RefusalNotice } from "../ui/refusal-notice";
import { Header } from "./header";
import { NewBuildNotice } from "./new-build-notice";
import { isSettings } from "./settings";
import { SettingsRail } from "./settings-rail";
import { useStandingRole } from "./use-standing-role";
import "../styles/conversation.css";
import "../styles/room-details.css";
import "../styles/avatar.css";
import "../styles/chat.css";

/** The chat: one connection for the rail and the page beside it. */
export function ChatFrame() {
	const { user } = useSession();
	const credentials = useMemo(() => credentialsFor("cookie", "/ws"), []);
	return (
		<YodelProvider url="/ws" identity={user.id} credentials={credentials}>
			<ChatProvider>
				<OutboxProvider>
					<CatchingUpProvider>
						<Frame />
					</CatchingUpProvider>
				</OutboxProvider>
			</ChatProvider>
		</YodelProvider>
	);
}

function Frame() {
	const { onSignedOut } = useSession();
	const { refusal, retry } = useConnection();
	const { pathname } = useLocation();
	const { waiting } = useOutbox();
	useStandingRole();
	useUnreadInTitle(useChatState(unreadIn));
	const [announcement, putAway] = useAnnouncement();
	return (
		<div className="chat" data-place={placeOf(pathname)}>
			<Header>
				<ConnectionDetails waiting={waiting.filter(({ problem, stored }) => !problem && !stored).length} />
			</Header>
			{refusal && <RefusalNotice refusal={refusal} onSignIn={onSignedOut} onRetry={retry} />}
			<NewBuildNotice />
			<AnnouncementBanner announcement={announcement} onPutAway={putAway} />
			<div className="chat-body">
				{isSettings(pathname) ? (
					<SettingsRail />
				) : (
					<RoomRail>
						<AnnounceButton />
					</RoomRail>
				)}
				<main id="main" tabIndex={-1} className="chat-page">
					<Suspense fallback={null}>
						<Outlet />
					</Suspense>
				</main>
			</div>
		</div>
	);
}

/** Messages that came in and are not before somebody's eyes. */
function unreadIn({ rooms, reading }: ChatState): number {
	return [...(rooms?.values() ?? [])].reduce((sum, { id, unread }) => sum + (id === reading ? 0 : unread), 0);
}

function placeOf(path: string): "rooms" | "settings" | "page" {
	if (path === "/") return "rooms";
	return isSettings(path) ? "settings" : "page";
}
