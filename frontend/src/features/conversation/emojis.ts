/** The reactions that are offered; those that others chose stand below their message. */
export const emojis = ["👍", "❤️", "😄", "🎉", "👀"] as const;
