import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { useServerChannels } from "yodel-react";
import { isUserEvent } from "../../lib/chat/events";
import { useConnection } from "../../lib/yodel";

/** What the list of devices is kept under. */
export const devicesKey = ["devices"];

/** Reads the list of devices again when the server says that it changed, and after a time in which it could not say so. */
export function useDeviceChanges(): void {
	const queries = useQueryClient();
	const { state } = useConnection();
	const readAgain = useCallback(() => void queries.invalidateQueries({ queryKey: devicesKey }), [queries]);
	useServerChannels({
		onPublication: (channel, data) => {
			if (isUserEvent(channel, data) && data.type === "sessions.changed") readAgain();
		},
	});
	useEffect(() => {
		if (state === "live") readAgain();
	}, [state, readAgain]);
}
