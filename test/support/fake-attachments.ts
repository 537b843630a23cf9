// Attachments in memory: what tests of the interface attach, without a database and without a reader.
import type { Attachment } from '#contract/attachment.ts';
import { AppError } from '#contract/errors.ts';
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';

type Channels = Extract<keyof Handlers<Contract>, `attachments.${string}`>;

/** A question fits when its attachments have at most `roomTokens` tokens, at four characters each. */
export function attachmentHandlers(roomTokens = 1_000): Pick<Handlers<Contract>, Channels> {
  const texts = new Map<number, string>();
  const drafts = new Map<number, Attachment>();
  const uploads = new Map<string, { name: string; text: string }>();
  let nextId = 100;

  const add = (kind: Attachment['kind'], name: string, text: string): Attachment => {
    const id = nextId++;
    const whole = { use: 'whole' as const, tokens: null, givenTokens: null, until: null };
    const added = { id, kind, name, characters: text.length, pages: null, notes: [], ...whole };
    texts.set(id, text);
    drafts.set(id, added);
    return added;
  };
  const find = (id: number): Attachment => {
    const found = drafts.get(id);
    if (!found) throw new AppError('not-found', `No attachment ${id}`);
    return found;
  };
  const tokensOf = (id: number): number => Math.ceil((texts.get(id)?.length ?? 0) / 4);

  return {
    'attachments.list': () => [],
    'attachments.addText': ({ name, text }) => add('text', name, text),
    'attachments.addConversation': ({ sourceId }) => add('conversation', `Conversation ${sourceId}`, 'Said.'),
    'attachments.addDocument': ({ attachmentId }) => add('file', `Document ${attachmentId}`, 'Text.'),
    'attachments.begin': ({ name }) => {
      const uploadId = `upload-${nextId++}`;
      uploads.set(uploadId, { name, text: '' });
      return { uploadId };
    },
    'attachments.append': ({ uploadId, bytes }) => {
      const upload = uploads.get(uploadId);
      if (upload) upload.text += Buffer.from(bytes, 'base64').toString();
    },
    async *'attachments.read'({ uploadId, password }) {
      const { name = '', text = '' } = uploads.get(uploadId) ?? {};
      if (text.startsWith('locked') && password !== 'open') throw new AppError('file-encrypted', 'Locked');
      yield { type: 'reading', progress: 0.5 };
      yield { type: 'attached', attachment: add('file', name, text) };
    },
    'attachments.giveUp': ({ uploadId }) => void uploads.delete(uploadId),
    'attachments.text': ({ id }) => ({ text: texts.get(id) ?? '', nextPart: null }),
    'attachments.remove': () => undefined,
    'attachments.restore': ({ id }) => find(id),
    'attachments.move': ({ ids }) => ids.map(find),
    'attachments.measure': ({ ids, text }) => {
      const attachmentTokens = ids.map(tokensOf);
      const given = ids.map((id, index) => find(id).givenTokens ?? attachmentTokens[index] ?? 0);
      const questionTokens = given.reduce((sum, tokens) => sum + tokens, Math.ceil(text.length / 4));
      const room = { roomTokens, sizeTokens: roomTokens + 100, largestTokens: 8192, estimated: false };
      return { attachmentTokens, questionTokens, historyTokens: 0, ...room };
    },
    'attachments.fit': ({ ids, use }) =>
      ids.map((id) => {
        const whole = use === 'whole' || tokensOf(id) <= roomTokens;
        const given = whole
          ? { use: 'whole' as const, givenTokens: null, until: null }
          : { use, givenTokens: roomTokens - 50, until: use === 'beginning' ? 'the last words' : null };
        const fitted = { ...find(id), tokens: tokensOf(id), ...given };
        drafts.set(id, fitted);
        return fitted;
      }),
    'attachments.offers': ({ query }) =>
      [
        { kind: 'document' as const, id: 7, name: 'Harbour rules.pdf', characters: 1200 },
        { kind: 'conversation' as const, id: 2, name: 'Tax question', at: Date.UTC(2026, 4, 3) },
      ].filter(({ name }) => name.toLowerCase().includes(query.toLowerCase())),
  };
}
