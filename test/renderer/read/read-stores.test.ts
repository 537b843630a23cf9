// Bugs these catch: blocks of one document shown in another, a gap or a double in the text while one scrolls, a place
// that is asked for before it is on the page, a summary that shows another one's words, an upload in the wrong order.
import { describe, expect, it, vi } from 'vitest';
import type { DocumentBlock } from '#contract/documents.ts';
import type { Summary, SummaryEvent } from '#contract/summaries.ts';
import { DocumentStore } from '../../../src-renderer/features/read/document/document-store.svelte.ts';
import { SummaryStore } from '../../../src-renderer/features/read/summary/summary-store.svelte.ts';
import { summaryMarkdown } from '../../../src-renderer/features/read/summary/summary-text.ts';
import { uploadFile } from '../../../src-renderer/stores/upload-file.ts';
import { createFakeHost } from '../../support/fake-api.ts';

const BLOCKS: DocumentBlock[] = Array.from({ length: 1000 }, (_, index) => ({
  kind: 'paragraph',
  level: null,
  page: null,
  text: `${index}`.padEnd(99, '.'),
  start: index * 100,
  end: index * 100 + 99,
}));

function openDocument() {
  const host = createFakeHost({
    'documents.blocks': ({ from, limit }) => ({
      blocks: BLOCKS.filter(({ start }) => start >= from).slice(0, limit),
      characters: 99_999,
    }),
    'documents.outline': () => [],
  });
  const store = new DocumentStore(host.api);
  store.open(1);
  return store;
}

const holdTogether = (store: DocumentStore): void => {
  for (const [index, block] of store.blocks.entries()) {
    const next = store.blocks[index + 1];
    if (next) expect(next.start).toBe(block.end + 1);
  }
};

describe('the text that is open', () => {
  it('grows at both ends without a gap, and never holds all of it', async () => {
    const store = openDocument();
    await vi.waitFor(() => expect(store.blocks.length).toBeGreaterThan(0));
    for (let step = 0; step < 12; step++) {
      const before = store.blocks.at(-1)?.end;
      store.more();
      await vi.waitFor(() => expect(store.blocks.at(-1)?.end).not.toBe(before));
      holdTogether(store);
    }
    expect(store.blocks.length).toBeLessThanOrEqual(320);
    const first = store.blocks[0]?.start ?? 0;
    expect(store.hiddenCharacters.before).toBe(first);
    store.earlier();
    await vi.waitFor(() => expect(store.blocks[0]?.start).toBeLessThan(first));
    holdTogether(store);
  });

  it('fetches a far place with what stands before it, then says that it is there', async () => {
    const store = openDocument();
    await vi.waitFor(() => expect(store.blocks.length).toBeGreaterThan(0));
    store.show({ start: 70_020, end: 70_050 });
    expect(store.place).toBeNull();
    await vi.waitFor(() => expect(store.place?.range.start).toBe(70_020));
    holdTogether(store);
    expect(store.blocks.some(({ start, end }) => start <= 70_020 && 70_020 < end)).toBe(true);
    expect(store.blocks[0]?.start).toBeLessThan(70_000);
  });

  it('drops what arrives for a document that was left', async () => {
    const store = openDocument();
    store.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(store.blocks).toEqual([]);
  });
});

const summary = (change: Partial<Summary> = {}): Summary => ({
  id: 1,
  request: {
    sources: [{ documentId: 1, range: null }],
    length: { kind: 'short' },
    form: 'bullets',
    focus: '',
    language: null,
    level: null,
  },
  state: 'running',
  failure: null,
  step: null,
  sections: [
    { documentId: 1, range: { start: 0, end: 10 }, title: 'One', state: 'waiting' },
    { documentId: 1, range: { start: 10, end: 20 }, title: 'Two', state: 'waiting' },
  ],
  lines: [],
  modelName: 'Demo model',
  createdAt: 1,
  ...change,
});
const line = { kind: 'item' as const, level: 1, begins: true, text: 'A stone.', citations: [] };

describe('summaries', () => {
  it('follow what the host tells, and end with what it keeps', async () => {
    const events: SummaryEvent[] = [
      { type: 'snapshot', summary: summary() },
      { type: 'section', index: 0, state: 'done' },
      { type: 'left', leftMs: 5000 },
      { type: 'step', step: 'writing' },
      { type: 'text', text: 'A sto' },
    ];
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const host = createFakeHost({
      'summaries.list': () => [],
      async *'summaries.start'() {
        yield* events;
        await ended;
        yield { type: 'done', summary: summary({ state: 'complete', lines: [line] }) };
      },
    });
    const store = new SummaryStore(host.api, new DocumentStore(host.api));
    await store.open(1);
    store.start();
    await vi.waitFor(() => expect(store.draft).toBe('A sto'));
    expect(store.shown).toMatchObject({
      step: 'writing',
      sections: [{ state: 'done' }, { state: 'waiting' }],
    });
    expect(store.leftMs).toBe(5000);
    end();
    await vi.waitFor(() => expect(store.shown?.state).toBe('complete'));
    expect(store.draft).toBe('');
    expect(store.leftMs).toBeNull();
  });

  it('that run are joined when the document opens, and a late list of another one is dropped', async () => {
    const host = createFakeHost({
      'summaries.list': async ({ documentIds }) => {
        if (documentIds[0] === 1) await new Promise((resolve) => setTimeout(resolve, 30));
        return documentIds[0] === 2 ? [summary({ id: 7 })] : [summary({ id: 5 })];
      },
      async *'summaries.attach'({ id }) {
        yield { type: 'snapshot', summary: summary({ id }) };
        yield { type: 'text', text: 'Joined' };
      },
    });
    const store = new SummaryStore(host.api, new DocumentStore(host.api));
    const late = store.open(1);
    await store.open(2);
    await late;
    await vi.waitFor(() => expect(store.draft).toBe('Joined'));
    expect(store.list.map(({ id }) => id)).toEqual([7]);
  });

  it('are Markdown with their structure', () => {
    const lines = [
      { ...line, kind: 'heading' as const, level: 1, text: 'Gems' },
      { ...line, kind: 'sentence' as const, level: 0, text: 'They shine.' },
      { ...line, kind: 'sentence' as const, level: 0, begins: false, text: 'They last.' },
      { ...line, text: 'Ruby' },
      { ...line, level: 2, text: 'red' },
    ];
    expect(summaryMarkdown(lines)).toBe('## Gems\n\nThey shine. They last.\n\n- Ruby\n  - red');
  });
});

describe('an upload', () => {
  it('hands the bytes over in order, and gives up what could not be finished', async () => {
    const parts: string[] = [];
    let failing = false;
    const host = createFakeHost({
      'attachments.begin': () => ({ uploadId: 'u' }),
      'attachments.append': ({ bytes }) => {
        if (failing) throw new Error('full');
        parts.push(Buffer.from(bytes, 'base64').toString());
      },
      'attachments.giveUp': () => void parts.push('given up'),
    });
    const content = 'x'.repeat(500_000) + 'end';
    expect(await uploadFile(host.api, new File([content], 'a.txt'))).toBe('u');
    expect(parts.join('')).toBe(content);
    failing = true;
    await expect(uploadFile(host.api, new File(['a'], 'a.txt'))).rejects.toThrow();
    await vi.waitFor(() => expect(parts.at(-1)).toBe('given up'));
  });
});
