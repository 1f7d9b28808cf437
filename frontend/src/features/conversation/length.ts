/** Characters that the server takes in one message. */
export const most = 4000;
/** From here on it is worth saying how much is left. */
export const near = 3500;

/** Whether the server would refuse a text for its length. */
export function isTooLong(text: string): boolean {
	return text.length > most && [...text.trim()].length > most;
}
