// What counts as a message that can be sent or kept.
import { MESSAGE_LIMIT } from '#contract/chat.ts';
import { AppError } from '#contract/errors.ts';

/** Refuses what is too long for one message, and what has nothing visible in it, unless something goes along with it. */
export function checkText(text: string, accompanied = false): void {
  if (text.length > MESSAGE_LIMIT) {
    const details = { length: text.length, limit: MESSAGE_LIMIT };
    throw new AppError('message-too-long', 'Too long for one message', { details });
  }
  if (accompanied) return;
  // Separators, controls, formatting characters such as zero-width spaces, and unassigned ones show nothing.
  if (/^[\p{Z}\p{C}\p{Default_Ignorable_Code_Point}]*$/u.test(text)) {
    throw new AppError('message-empty', 'Nothing visible in this message');
  }
}
