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

/** The day and time as people write them down, in the time of this computer. */
export function dayAndTime(time: number): string {
  const date = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
