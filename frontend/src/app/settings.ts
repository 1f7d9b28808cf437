/** Pages of one's own account. */
export const mine = [
	{ to: "/profile", label: "Profile" },
	{ to: "/devices", label: "Devices" },
	{ to: "/blocked", label: "Blocked people" },
] as const;
/** Pages for administrators. */
export const administration = [
	{ to: "/admin/connections", label: "Connections" },
	{ to: "/admin/users", label: "Users" },
	{ to: "/admin/channels", label: "Channels" },
	{ to: "/admin/audit", label: "Audit log" },
] as const;

/** Whether an address has the rail of the settings beside it in place of the rooms. */
export function isSettings(path: string): boolean {
	return path.startsWith("/admin/") || mine.some(({ to }) => to === path);
}
