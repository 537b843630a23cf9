// Attachments of a conversation that moves to another database: a temporary one that is kept after all.
import type { KeptAttachment } from '../../database/attachment-repository.ts';
import type { TalkDatabase } from '../../database/temporary-database.ts';
import { keepDocument } from './keep-document.ts';

interface Copied {
  /** The conversation, here and there. */
  from: { talk: TalkDatabase; conversationId: number };
  to: { talk: TalkDatabase; conversationId: number };
  /** Its messages: ids there by ids here. */
  messageIds: ReadonlyMap<number | null, number | null>;
  now: number;
}

/** In short steps, those of messages; what the model was given of each stays the same. */
export async function copyAttachments({ messageIds, ...copied }: Copied): Promise<void> {
  const { attachments } = copied.from.talk;
  for (const messageId of attachments.ofConversation(copied.from.conversationId).keys()) {
    const copyId = messageIds.get(messageId);
    if (!copyId) continue;
    for (const each of attachments.ofMessage(messageId)) await copyOne(each, copyId, copied);
  }
}

/** Those of a question that is still being written. */
export async function copyDraft(copied: Omit<Copied, 'messageIds'>): Promise<void> {
  const { attachments } = copied.from.talk;
  for (const { id } of attachments.ofDraft(copied.from.conversationId)) {
    const kept = attachments.find(id);
    if (kept?.messageId === null) await copyOne(kept, null, copied);
  }
}

/** `copyId`: the message that it goes along with; null: the draft. */
async function copyOne(
  each: KeptAttachment,
  copyId: number | null,
  { from, to, now }: Omit<Copied, 'messageIds'>,
): Promise<void> {
  const { kind, name, pages, notes } = each;
  const document = { kind, name, pages, notes, now };
  const text = from.talk.attachments.text(each.documentId);
  const documentId = await keepDocument(to.talk, document, text);
  to.talk.transaction(() => {
    const target = to.talk.attachments;
    const { id } = target.attach(documentId, to.conversationId, now);
    target.choose(id, each);
    if (each.passages) target.keepPassages(id, each.passages);
    if (copyId !== null) target.send([id], { messageId: copyId, conversationId: to.conversationId });
  });
}
