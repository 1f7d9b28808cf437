/** A secret as the page may show it: its beginning, and how long it is. */
export function mask(secret: string): string {
	return `${secret.slice(0, 4)}…(${secret.length})`;
}
