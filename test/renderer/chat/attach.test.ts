// Bugs these catch: an attachment that is lost when a message is refused or queued, one that goes along with the message
// of another conversation, a message that is sent before its file is read, a long paste that floods the field, a
// question that is cut without a word, an `@` that gets in the way of writing.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '#contract/errors.ts';
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import { isLongPaste, pasteName } from '../../../src-renderer/features/chat/attach/attach-words.ts';
import { createChat, type ChatStores } from '../../../src-renderer/features/chat/chat-context.ts';
import { createStores } from '../../../src-renderer/stores/stores.ts';
import { createFakeHost } from '../../support/fake-api.ts';
import { createScriptedChat, streamed } from '../../support/scripted-chat.ts';

type Sent = Parameters<Handlers<Contract>['chat.send']>[0];

function setUp(replace: Partial<Handlers<Contract>> = {}, everyMs = 1) {
  const chat = createScriptedChat(() => streamed('Yes.', 1, everyMs));
  const sent: Sent[] = [];
  const host = createFakeHost({
    ...chat.handlers,
    async *'chat.send'(input, signal) {
      sent.push(input);
      yield* chat.handlers['chat.send'](input, signal);
    },
    ...replace,
  });
  const stores = createStores(host.api);
  return { chat, sent, stores, ui: createChat(stores) };
}

const names = ({ attach }: ChatStores): string[] => attach.list.map(({ name }) => name);
const file = (text: string, name = 'notes.txt'): File => new File([text], name);

beforeEach(() => {
  sessionStorage.clear();
  window.location.hash = '';
});

describe('attachments of a message', () => {
  it('go along with it, and stay when it is refused', async () => {
    let refuse = true;
    const { ui, sent } = setUp();
    await ui.attach.addText('A long text');
    ui.composer.text = 'What is it?';
    const send = vi.spyOn(ui.conversations, 'send').mockImplementationOnce(async () => {
      refuse = false;
      return { code: 'disk-full' };
    });
    await ui.composer.send();
    expect(refuse).toBe(false);
    expect(names(ui)).toEqual(['Pasted: A long text']);
    expect(ui.composer.text).toBe('What is it?');
    send.mockRestore();
    await ui.composer.send();
    expect(sent).toMatchObject([{ text: 'What is it?', attachmentIds: [100] }]);
    expect(names(ui)).toEqual([]);
  });

  it('are enough for a message without words', async () => {
    const { ui, sent } = setUp();
    expect(ui.composer.sendable).toBe(false);
    await ui.attach.addText('A long text');
    expect(ui.composer.sendable).toBe(true);
    await ui.composer.send();
    expect(sent).toMatchObject([{ text: '', attachmentIds: [100] }]);
  });

  it('wait with a queued message, and come back with it', async () => {
    const { ui, sent } = setUp({}, 30);
    ui.composer.text = 'First';
    await ui.composer.send();
    await ui.attach.addText('A long text');
    ui.composer.text = 'Second';
    await ui.composer.send();
    expect(names(ui)).toEqual([]);
    ui.composer.takeBack();
    expect(names(ui)).toEqual(['Pasted: A long text']);
    expect(ui.composer.text).toBe('Second');
    await ui.composer.send();
    await vi.waitFor(() => expect(sent).toMatchObject([{}, { text: 'Second', attachmentIds: [100] }]));
  });

  it('belong to their conversation', async () => {
    const { ui, chat } = setUp();
    const id = chat.add('Other', [{ role: 'user', text: 'Hello' }]);
    await ui.attach.addText('A long text');
    ui.conversations.open(id);
    await vi.waitFor(() => expect(ui.conversations.current.messages).not.toBeNull());
    expect(names(ui)).toEqual([]);
    ui.conversations.open(null);
    expect(names(ui)).toHaveLength(1);
  });

  it('can be taken off and put back, or into the message', async () => {
    const { ui, stores } = setUp();
    await ui.attach.addText('A long text');
    await ui.attach.remove(ui.attach.list[0]!);
    expect(names(ui)).toEqual([]);
    stores.toasts.list[0]?.action?.run();
    await vi.waitFor(() => expect(names(ui)).toHaveLength(1));
    expect(await ui.attach.intoMessage(ui.attach.list[0]!)).toBe('A long text');
    expect(names(ui)).toEqual([]);
  });
});

describe('files', () => {
  it('come in one after the other, in parts, and hold the message back until then', async () => {
    const { ui } = setUp();
    const long = 'x'.repeat(600_000);
    ui.attach.addFiles([file(long, 'long.txt'), file('short', 'short.txt')]);
    ui.composer.text = 'What is it?';
    expect(ui.attach.pending.map(({ name }) => name)).toEqual(['long.txt', 'short.txt']);
    expect(ui.composer.sendable).toBe(false);
    await vi.waitFor(() => expect(names(ui)).toEqual(['long.txt', 'short.txt']));
    expect(ui.attach.list[0]?.characters).toBe(600_000);
    expect(ui.composer.sendable).toBe(true);
    expect(ui.attach.news).toContain('short.txt');
  });

  it('that can not be read say why, and can be tried again or left out', async () => {
    const { ui } = setUp();
    ui.attach.addFiles([file('locked', 'secret.pdf'), file('fine', 'fine.txt')]);
    await vi.waitFor(() => expect(names(ui)).toEqual(['fine.txt']));
    const [locked] = ui.attach.pending;
    expect(locked).toMatchObject({ state: 'failed', failure: { code: 'file-encrypted' } });
    ui.attach.retry(locked!, 'open');
    await vi.waitFor(() => expect(names(ui)).toEqual(['fine.txt', 'secret.pdf']));
    ui.attach.addFiles([file('locked', 'other.pdf')]);
    await vi.waitFor(() => expect(ui.attach.pending[0]?.state).toBe('failed'));
    ui.attach.giveUp(ui.attach.pending[0]!);
    expect(ui.attach.waiting).toBe(false);
  });

  it('that are too large for the host fail by themselves only', async () => {
    const { ui } = setUp({
      'attachments.begin': () => {
        throw new AppError('file-too-large', 'Too large');
      },
    });
    ui.attach.addFiles([file('x')]);
    await vi.waitFor(() => expect(ui.attach.pending[0]?.failure?.code).toBe('file-too-large'));
  });
});

describe('pasting', () => {
  const paste = (ui: ChatStores, text: string, files: File[] = []): boolean =>
    ui.attach.paste({ getData: () => text, files } as unknown as DataTransfer);

  it('attaches what is long, and files; the rest goes into the field', async () => {
    const { ui } = setUp();
    expect(paste(ui, 'short')).toBe(false);
    expect(paste(ui, 'long '.repeat(500))).toBe(true);
    await vi.waitFor(() => expect(names(ui)).toEqual([`Pasted: ${'long '.repeat(8).trim()}…`]));
    expect(paste(ui, '', [file('x', 'image.txt')])).toBe(true);
    await vi.waitFor(() => expect(names(ui)).toHaveLength(2));
    expect(paste(ui, '')).toBe(false);
  });

  it('knows long by characters and by lines, and names a text by its beginning', () => {
    expect(isLongPaste('x'.repeat(2_000))).toBe(false);
    expect(isLongPaste('x'.repeat(2_001))).toBe(true);
    expect(isLongPaste('line\n'.repeat(39))).toBe(false);
    expect(isLongPaste('line\n'.repeat(41))).toBe(true);
    expect(pasteName('Dear\n  friend')).toBe('Pasted: Dear friend');
    expect(pasteName('💎'.repeat(60)).isWellFormed()).toBe(true);
  });
});

describe('a question that does not fit', () => {
  it('says so, and offers passages or the beginning', async () => {
    const { ui } = setUp();
    await ui.attach.addText('x'.repeat(8_000));
    await vi.waitFor(() => expect(ui.attach.tooLong).toBe(true));
    expect(ui.attach.measured).toMatchObject({ questionTokens: 2_000, roomTokens: 1_000 });
    await ui.attach.fit('beginning');
    expect(ui.attach.list).toMatchObject([{ use: 'beginning', until: 'the last words' }]);
    await vi.waitFor(() => expect(ui.attach.tooLong).toBe(false));
  });
});

describe('an at sign', () => {
  async function offered(ui: ChatStores, text: string): Promise<string[] | undefined> {
    ui.composer.text = text;
    ui.references.ask(text, text.length);
    await new Promise((resolve) => setTimeout(resolve, 150));
    return ui.references.offers?.map(({ label }) => label);
  }

  it('at the beginning of a word offers documents and conversations', async () => {
    const { ui } = setUp();
    expect(await offered(ui, 'See @har')).toEqual(['Harbour rules.pdf']);
    ui.references.offers?.[0]?.run();
    expect(ui.composer.text).toBe('See ');
    await vi.waitFor(() => expect(names(ui)).toEqual(['Document 7']));
    expect(await offered(ui, '@')).toHaveLength(2);
    ui.references.close();
    expect(ui.references.offers).toBeNull();
    expect(await offered(ui, '@'), 'closed for this text').toBeUndefined();
  });

  it('elsewhere, or with nothing that fits, leaves one writing', async () => {
    const { ui } = setUp();
    expect(await offered(ui, 'ada@har')).toBeUndefined();
    expect(await offered(ui, '@nothing')).toBeUndefined();
    expect(await offered(ui, '@har rules')).toBeUndefined();
  });
});
