import type { Announcement } from "../../lib/chat/events";

interface Props {
	announcement: Announcement | null;
	onPutAway: () => void;
}

/** What a moderator has told everybody, until it is put away. */
export function AnnouncementBanner({ announcement, onPutAway }: Props) {
	return (
		<div className="announcement" role="status" aria-label="Announcement" hidden={!announcement}>
			{announcement && (
				<>
					<p dir="auto">
						<b>
							<bdi>{announcement.author.name || announcement.author.username}</bdi>
						</b>{" "}
						<small className="quiet" dir="ltr">
							@{announcement.author.username}
						</small>{" "}
						{announcement.text}
					</p>
					<button type="button" onClick={onPutAway}>
						Put away
					</button>
				</>
			)}
		</div>
	);
}
