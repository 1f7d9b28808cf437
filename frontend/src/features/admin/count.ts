/** How many are shown of how many there are. */
export function countOf(shown: number, read: number, total: number): string {
	const all = total > read ? `${total}, of which the oldest ${read} are read` : `${total}`;
	return shown === read ? `${all} open` : `${shown} of ${all} open`;
}
