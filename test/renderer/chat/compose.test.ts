// Bugs these catch: a queued message that is lost or sent into another conversation, one that is sent after an answer
// broke off, drafts that a restart forgets, offers that get in the way of a message that begins with a slash.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Draft, Prompt } from '#contract/compose.ts';
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import { createChat, type ChatStores } from '../../../src-renderer/features/chat/chat-context.ts';
import { nextPlaceholder } from '../../../src-renderer/features/chat/compose/placeholders.ts';
import { createStores } from '../../../src-renderer/stores/stores.ts';
import { createFakeHost } from '../../support/fake-api.ts';
import { createScriptedChat, streamed, type Script } from '../../support/scripted-chat.ts';

const translate: Prompt = {
  id: 4,
  name: 'translate',
  text: 'Translate into {{language}}: {{text}}',
  builtIn: 'translate',
};

function setUp(
  answer: Script['answer'] = () => streamed('Yes.', 4, 1),
  replace: Partial<Handlers<Contract>> = {},
) {
  const chat = createScriptedChat(answer);
  const host = createFakeHost({
    ...chat.handlers,
    async *'prompts.watch'() {
      yield [translate];
    },
    ...replace,
  });
  return { chat, ui: createChat(createStores(host.api)) };
}

const texts = (ui: ChatStores): string[] => (ui.conversations.current.messages ?? []).map(({ text }) => text);

function write(ui: ChatStores, text: string): Promise<void> {
  ui.composer.text = text;
  return ui.composer.send();
}

beforeEach(() => {
  // What the stores of the test before still had to write is written before it is forgotten.
  window.dispatchEvent(new Event('pagehide'));
  sessionStorage.clear();
  window.location.hash = '';
});

describe('a message written while the model writes', () => {
  it('is sent when the answer is complete, also from a conversation that has only begun', async () => {
    const { ui } = setUp();
    await write(ui, 'First');
    await write(ui, 'Second');
    await write(ui, 'and more');
    expect(ui.composer).toMatchObject({ text: '', queued: 'Second\n\nand more' });
    ui.composer.text = 'not sent';
    await vi.waitFor(() => expect(texts(ui)).toEqual(['First', 'Yes.', 'Second\n\nand more', 'Yes.']));
    expect(ui.composer).toMatchObject({ text: 'not sent', queued: '' });
  });

  it('goes back into the field when the answer broke off, and on request', async () => {
    const { ui } = setUp((_, signal) => streamed(signal.aborted ? '' : 'A long answer '.repeat(50), 4, 5));
    await write(ui, 'First');
    await write(ui, 'Second');
    ui.composer.text = 'begun';
    ui.composer.takeBack();
    expect(ui.composer).toMatchObject({ text: 'Second\n\nbegun', queued: '' });
    await ui.composer.send();
    await ui.conversations.stop();
    await vi.waitFor(() => expect(ui.composer).toMatchObject({ text: 'Second\n\nbegun', queued: '' }));
    expect(texts(ui)).toHaveLength(2);
  });

  it('stays with its conversation when one looks elsewhere', async () => {
    const { ui, chat } = setUp(() => streamed('Yes, yes, yes.', 2, 5));
    const other = chat.add('Other', [{ role: 'user', text: 'hm' }]);
    await write(ui, 'First');
    await write(ui, 'Second');
    const first = ui.conversations.current;
    ui.conversations.open(other);
    expect(ui.composer.queued).toBe('');
    await vi.waitFor(() => expect(first.messages).toHaveLength(4));
    expect(first.messages?.[2]?.text).toBe('Second');
    expect(texts(ui)).toEqual(['hm']);
  });
});

describe('drafts', () => {
  it('come back from the host after a restart, but never over what this window has', async () => {
    const kept: Draft[] = [
      { conversationId: null, text: 'from yesterday' },
      { conversationId: 7, text: 'for seven' },
    ];
    sessionStorage.setItem('lapidary.drafts', JSON.stringify({ 7: 'newer here' }));
    const { ui, chat } = setUp(undefined, { 'drafts.list': () => kept });
    await vi.waitFor(() => expect(ui.composer.text).toBe('from yesterday'));
    chat.add('x', [], 0);
    expect(JSON.parse(sessionStorage.getItem('lapidary.drafts') ?? '')).toEqual({ 7: 'newer here' });
  });

  it('reach the host when they change, and are forgotten there when they are sent', async () => {
    const saved: Draft[] = [];
    const { ui } = setUp(undefined, { 'drafts.save': (draft) => void saved.push(draft) });
    ui.composer.text = 'half a thou';
    await vi.waitFor(() => expect(saved).toEqual([{ conversationId: null, text: 'half a thou' }]));
    await write(ui, 'half a thought');
    await vi.waitFor(() => expect(saved.at(-1)).toEqual({ conversationId: null, text: '' }));
  });
});

describe('a slash', () => {
  it('offers prompts and presets by the words after it, and nothing for other messages', async () => {
    const { ui } = setUp();
    await vi.waitFor(() => expect(ui.prompts.offers).toBeNull());
    ui.composer.text = '/trans';
    await vi.waitFor(() => expect(ui.prompts.offers?.map(({ id }) => id)).toEqual(['prompt-4', 'manage']));
    for (const text of ['/home/ada is full', '/ what', 'and/or', '/trans\nlate', '//']) {
      ui.composer.text = text;
      expect([text, ui.prompts.offers]).toEqual([text, null]);
    }
    ui.composer.text = '/trans';
    ui.prompts.close();
    expect(ui.prompts.offers).toBeNull();
  });

  it('fills in a prompt, place by place', async () => {
    const { ui } = setUp();
    ui.composer.text = '/translate';
    await vi.waitFor(() => expect(ui.prompts.offers).toHaveLength(2));
    ui.prompts.offers?.[0]?.run();
    expect(ui.composer.text).toBe(translate.text);
    const first = ui.composer.unfilled(0);
    expect(translate.text.slice(first?.start, first?.end)).toBe('{{language}}');
    ui.composer.text = 'Translate into French: {{text}}';
    expect(ui.composer.unfilled(30)).toEqual({ start: 23, end: 31 });
    ui.composer.text = 'Translate into French: oui';
    expect(ui.composer.unfilled(0)).toBeNull();
  });

  it('leaves braces alone that the person wrote', () => {
    const { ui } = setUp();
    ui.composer.text = 'What does {{name}} mean in Handlebars?';
    expect(ui.composer.unfilled(0)).toBeNull();
    expect(nextPlaceholder('{{a\nb}} {{}} {{{x}}}', 0)).toEqual({ start: 14, end: 19 });
  });
});

describe('reading ahead', () => {
  it('begins when the person pauses, stops when they write on, and spares short messages', async () => {
    const read: { text: string; signal: AbortSignal }[] = [];
    const { ui } = setUp(undefined, {
      'chat.prepare': async ({ text }, signal) => {
        read.push({ text, signal });
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    });
    ui.composer.text = 'short';
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect(read).toEqual([]);
    const long = 'A long message. '.repeat(40);
    for (const text of [long, `${long}a`, `${long}and`]) ui.composer.text = text;
    await vi.waitFor(() => expect(read.map(({ text }) => text)).toEqual([`${long}and`]), 3_000);
    await ui.composer.send();
    await vi.waitFor(() => expect(read[0]?.signal.aborted).toBe(true));
  });
});
