import type { Device } from "../../../contract/http.gen";
import { nameOf } from "../../lib/device-name";
import { When } from "../../ui/when";

/** One device: what it is, where and when it was last seen. */
export function DeviceRow({ device, onSignOut }: { device: Device; onSignOut: () => void }) {
	const name = nameOf(device.device);
	return (
		<li aria-current={device.current || undefined}>
			<div>
				<p className="device-name">
					<b title={device.device}>{name}</b>
					{device.current && <span className="tag">this device</span>}
				</p>
				<p className="quiet">
					<span className="address">{device.address}</span>, seen <When at={device.seen_at} />, signed in{" "}
					<When at={device.created_at} />
				</p>
			</div>
			<button
				type="button"
				aria-label={device.current ? "Sign out this device" : `Sign out ${name}`}
				onClick={onSignOut}
			>
				Sign out
			</button>
		</li>
	);
}
