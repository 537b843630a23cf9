// Catches: words missed for case, accents or formatting, places beside what is seen, syntax taken for a pattern, a count
// that goes astray as messages come, and Enter that gets stuck at an end.
import { describe, expect, it, vi } from 'vitest';
import { FindStore } from '../../../src-renderer/features/chat/find/find-store.svelte.ts';
import { findRanges } from '../../../src-renderer/features/chat/find/find-ranges.ts';
import { countInMarkdown, findSpans } from '../../../src-renderer/features/chat/find/find-text.ts';
import { createChat } from '../../../src-renderer/features/chat/chat-context.ts';
import { createStores } from '../../../src-renderer/stores/stores.ts';
import { createFakeHost } from '../../support/fake-api.ts';
import { createScriptedChat, streamed } from '../../support/scripted-chat.ts';

const found = (text: string, query: string): string[] =>
  findSpans(text, query).map(({ from, to }) => text.slice(from, to));

describe('places in a text', () => {
  it.each([
    ['Ein ÉDELstein', 'édel', ['ÉDEL']],
    ['Ein ÉDELstein', 'edel', ['ÉDEL']],
    ['E\u0301DEL', 'edel', ['E\u0301DEL']],
    ['İstanbul İ', 'istanbul', ['İstanbul']],
    ['Straße', 'straße', ['Straße']],
    ['가나 각', '가', ['가']],
    ['がか', 'か', ['か']],
    ['这是宝石，宝石', '宝石', ['宝石', '宝石']],
    ['two\n  words', 'two words', ['two\n  words']],
    ['a.b a+b (x) [y] \\d {2}', '.', ['.']],
    ['a.b a+b (x) [y] \\d {2}', '\\d {2}', ['\\d {2}']],
    ['👩‍💻 and 💻', '💻', ['💻', '💻']],
    ['aaaa', 'aa', ['aa', 'aa']],
    ['anything', '   ', []],
    ['half \ud83d of it', '\ud83d', []],
    ['NUL\0 inside', '\0', ['\0']],
  ])('%j has %j at %j', (text, query, expected) => {
    expect(found(text, query)).toEqual(expected);
  });

  it('are counted in Markdown as it is shown', () => {
    expect(countInMarkdown('**bold** text and [bold](https://bold.example/bold)', 'bold')).toBe(2);
    expect(countInMarkdown('so **bo**ld `text`', 'bold text')).toBe(1);
    expect(countInMarkdown('# bold\n\n- bold\n\n```bold\nbold\n```', 'bold')).toBe(3);
  });

  it('take any text of 500 signs without trouble', () => {
    const text = 'a'.repeat(100_000);
    expect(findSpans(text, 'a'.repeat(500))).toHaveLength(200);
    expect(findSpans(text, '(a+)+$'.repeat(80))).toEqual([]);
  });
});

describe('ranges on the page', () => {
  it('go over formatting and never over the end of a paragraph, nor into buttons', () => {
    const message = document.createElement('article');
    message.innerHTML =
      '<h2>one two</h2><div data-prose><p>one <b>t</b>wo</p><p>one</p><p>two</p><pre><button>one two</button>one two</pre></div>';
    expect(findRanges(message, 'one two').map(String)).toEqual(['one two', 'one two']);
  });
});

describe('find in a conversation', () => {
  async function open(texts: string[]): Promise<FindStore> {
    const chat = createScriptedChat(() => streamed('x', 1, 1));
    const id = chat.add(
      't',
      texts.map((text, index) => ({ role: index % 2 ? ('answer' as const) : ('user' as const), text })),
    );
    const { conversations } = createChat(createStores(createFakeHost(chat.handlers).api));
    conversations.open(id);
    await vi.waitFor(() => expect(conversations.current.messages).toHaveLength(texts.length));
    return new FindStore(conversations);
  }

  it('starts at the last place where no list says otherwise, goes around both ends, and stays where it is as counts change', async () => {
    const find = await open(['opal', 'no', 'Opal opal', 'an **opal**']);
    find.query = 'opal';
    await vi.waitFor(() => expect([find.at, find.count]).toEqual([4, 4]));
    const last = find.place?.messageId ?? 0;
    find.step(1);
    expect([find.at, find.place?.index]).toEqual([1, 0]);
    find.step(-1);
    find.step(-1);
    expect([find.at, find.place?.index]).toEqual([3, 1]);
    find.correct(last, 0);
    expect([find.at, find.count]).toEqual([3, 3]);
    find.correct(last, 5);
    expect(find.count).toBe(3);
    find.query = 'nowhere';
    await vi.waitFor(() => expect([find.at, find.count]).toEqual([0, 0]));
    find.step(1);
    expect(find.place).toBeNull();
  });

  it('begins where one reads, and goes on from what was chosen as the text grows', async () => {
    const find = await open(['opal', 'opal', 'opals', 'opal', 'none']);
    find.query = 'opal';
    await vi.waitFor(() => expect(find.at).toBe(4));
    const first = find.place!.messageId - 3;
    find.query = '';
    find.seen = () => first + 1;
    find.query = 'opal';
    await vi.waitFor(() => expect(find.at).toBe(2));
    find.query = 'opals';
    await vi.waitFor(() => expect([find.at, find.count, find.place?.messageId]).toEqual([1, 1, first + 2]));
    find.query = '';
    find.seen = () => first + 4;
    find.query = 'opal';
    await vi.waitFor(() => expect(find.at).toBe(4));
  });

  it('looks through thousands of messages, and an answer to an old text changes nothing', async () => {
    const find = await open(
      Array.from({ length: 3_000 }, (_, index) => `message ${index} ${'word '.repeat(50)}`),
    );
    find.query = 'word';
    find.query = 'message 29';
    await vi.waitFor(() => expect(find.count).toBe(111));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(find.count).toBe(111);
  });
});
