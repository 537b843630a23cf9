// The messages that the window shows of a conversation, out of its whole tree, and what goes along with them.
import type { FileDocument, FileMessage } from '#contract/transfer.ts';
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

export function attachedTo(
  { attachments }: FileMessage,
  { documents }: OutgoingConversation,
): FileDocument[] {
  return attachments.flatMap(({ document }) => documents[document] ?? []);
}

/** How large a text is, as people of this locale write it: "12 kB". */
export function sizeOf(text: string, locale: string): string {
  const bytes = Buffer.byteLength(text);
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, 'kilobyte'] : [bytes / 1e6, 'megabyte'];
  const format = { style: 'unit', unit, unitDisplay: 'short', maximumSignificantDigits: 2 } as const;
  return new Intl.NumberFormat(locale, format).format(value);
}
