// Numbers that both sides check against. No zod here: the renderer imports this.

/** Longest message a person can send, in UTF-16 units. Longer text becomes an attachment. */
export const MESSAGE_LIMIT = 500_000;
