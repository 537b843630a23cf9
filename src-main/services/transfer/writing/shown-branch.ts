// The messages that the window shows of a conversation, out of its whole tree.
import type { FileMessage } from '#contract/transfer.ts';
import type { OutgoingConversation } from '../../../database/transfer-repository.ts';

/** From the first to the last message of the branch that is shown. */
export function shownBranch({ messages, activeMessage }: OutgoingConversation): FileMessage[] {
  const byKey = new Map(messages.map((message) => [message.key, message]));
  const branch: FileMessage[] = [];
  for (let at = byKey.get(activeMessage ?? ''); at; at = byKey.get(at.parent ?? '')) branch.push(at);
  return branch.toReversed();
}

/** The day and time as people of this locale write them, in the time of this computer. */
export function dayAndTime(time: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' }).format(time);
}
