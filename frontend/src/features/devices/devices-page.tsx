import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Device } from "../../../contract/http.gen";
import { ask } from "../../lib/ask";
import { nameOf } from "../../lib/device-name";
import { usePageTitle } from "../../lib/page-title";
import { Confirm } from "../../ui/confirm";
import { sentenceOf } from "../../ui/sentence";
import { Trouble, Waiting } from "../../ui/trouble";
import { DeviceRow } from "./device-row";
import { devicesKey, useDeviceChanges } from "./use-device-changes";
import "../../styles/settings.css";

/** Where one is signed in, and the way out of each. */
export function DevicesPage({ onSignOutHere }: { onSignOutHere: () => Promise<void> }) {
	usePageTitle("Your devices");
	const queries = useQueryClient();
	const devices = useQuery({
		queryKey: devicesKey,
		queryFn: ({ signal }) => ask("GET /api/sessions", {}, signal),
	});
	useDeviceChanges();
	const [asked, setAsked] = useState<Device | "others" | null>(null);
	const end = useMutation({
		mutationFn: async (which: Device | "others"): Promise<void> => {
			if (which === "others") await ask("DELETE /api/sessions");
			else if (which.current) await onSignOutHere();
			else await ask("DELETE /api/sessions/{id}", { path: { id: which.id } });
		},
		onSuccess: () => queries.invalidateQueries({ queryKey: devicesKey }),
	});
	const others = devices.data?.filter((device) => !device.current) ?? [];
	return (
		<section className="settings" aria-labelledby="devices-title">
			<h1 id="devices-title">Your devices</h1>
			<p className="lead">Where you are signed in. Sign out whatever you don't know, then change your password.</p>
			{devices.isPending && <Waiting />}
			{devices.isError && !devices.data && <Trouble error={devices.error} onRetry={() => devices.refetch()} />}
			{end.isError && (
				<p className="problem" role="alert">
					{sentenceOf(end.error)}
				</p>
			)}
			<ul className="devices" aria-label="Devices">
				{devices.data?.map((device) => (
					<DeviceRow key={device.id} device={device} onSignOut={() => setAsked(device)} />
				))}
			</ul>
			{devices.data && others.length === 0 && <p className="quiet">You are signed in nowhere else.</p>}
			{others.length > 0 && (
				<button type="button" className="ending" onClick={() => setAsked("others")}>
					Sign out all others
				</button>
			)}
			<p role="status" className="quiet">
				{end.isSuccess && "Signed out. What was open there has ended."}
			</p>
			{asked && (
				<Confirm
					title={titleOf(asked)}
					action="Sign out"
					onCancel={() => setAsked(null)}
					onConfirm={() => {
						setAsked(null);
						end.mutate(asked);
					}}
				>
					<p>{asked === "others" ? endingOf(others) : endingOf([asked])}</p>
				</Confirm>
			)}
		</section>
	);
}

function titleOf(asked: Device | "others"): string {
	if (asked === "others") return "Sign out all other devices?";
	return asked.current ? "Sign out this device?" : `Sign out ${nameOf(asked.device)}?`;
}

function endingOf(devices: Device[]): string {
	const names = devices.map((device) => `${nameOf(device.device)} at ${device.address}`).join("; ");
	return `${names}. Pages that are open there say so and ask for a login.`;
}
