// Attachments of a conversation that moves to another database: a temporary one that is kept after all.
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

/** In short steps; what the model was given of each stays the same. */
export async function copyAttachments({ from, to, messageIds, now }: Copied): Promise<void> {
  const source = from.talk.attachments;
  const target = to.talk.attachments;
  for (const messageId of source.ofConversation(from.conversationId).keys()) {
    const copyId = messageIds.get(messageId);
    if (!copyId) continue;
    for (const each of source.ofMessage(messageId)) {
      const { kind, name, pages, notes } = each;
      const document = { kind, name, pages, notes, now };
      const documentId = await keepDocument(to.talk, document, source.text(each.documentId));
      to.talk.transaction(() => {
        const { id } = target.attach(documentId, to.conversationId, now);
        target.choose(id, each);
        if (each.passages) target.keepPassages(id, each.passages);
        target.send([id], { messageId: copyId, conversationId: to.conversationId });
      });
    }
  }
}
