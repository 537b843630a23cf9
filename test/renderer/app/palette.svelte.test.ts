import { answerSettings } from '#contract/presets.ts';
import { flushSync } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { filterCommands, PaletteStore } from '../../../src-renderer/app/palette-store.svelte.ts';
import type { Command } from '../../../src-renderer/stores/command-registry.svelte.ts';
import { createFakeHost } from '../../support/fake-api.ts';

const command = (label: string, group: Command['group'] = 'actions', words?: string): Command => ({
  id: label,
  label,
  group,
  words,
  run: vi.fn(),
});
const commands = [
  command('New conversation'),
  command('Go to Models', 'places'),
  command('Go to Settings', 'places', 'preferences options'),
  command('Load Gemma 3 4B', 'models'),
];
const labels = (found: readonly Command[]): string[] => found.map(({ label }) => label);

const actions = () => ({ open: vi.fn(), search: vi.fn() });

afterEach(() => vi.useRealTimers());

// Catches a filter that wants the words in one run or in the right case.
it('finds commands by all words in any order, and by their other words', () => {
  expect(labels(filterCommands(commands, 'gemma LOAD'))).toEqual(['Load Gemma 3 4B']);
  expect(labels(filterCommands(commands, 'options'))).toEqual(['Go to Settings']);
  expect(filterCommands(commands, 'nothing like it')).toEqual([]);
  expect(filterCommands(commands, '  ')).toHaveLength(4);
});

it('puts those that begin with the text first', () => {
  const some = [command('Reload models'), command('Load Gemma')];
  expect(labels(filterCommands(some, 'load'))).toEqual(['Load Gemma', 'Reload models']);
});

// Catches a choice outside the list, which would make Enter do nothing.
it('keeps the choice inside the list and wraps around', () => {
  const store = new PaletteStore(createFakeHost().api, () => commands, actions());
  store.active -= 1;
  expect(store.active).toBe(3);
  store.active += 1;
  expect(store.active).toBe(0);
  store.active = 3;
  store.query = 'settings';
  expect(store.active).toBe(0);
});

// Catches results of an earlier, slower search that replace those of the present one.
it('shows only the hits of the last text', async () => {
  const answers: ((hits: never[]) => void)[] = [];
  const host = createFakeHost({
    'chat.search': ({ query }) => new Promise((resolve) => answers.push(() => resolve([hit(query)]))),
  });
  const store = new PaletteStore(host.api, () => [], actions());
  store.query = 'first';
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  store.query = 'second';
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  answers[1]?.([]);
  await vi.waitFor(() => expect(labels(store.lines)).toEqual(['second', 'Search everything for “second”']));
  answers[0]?.([]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(labels(store.lines)).toEqual(['second', 'Search everything for “second”']);
  expect(store.searching).toBe(false);
});

it('offers recent conversations before anything is typed, and opens the chosen one', async () => {
  const to = actions();
  const store = new PaletteStore(createFakeHost().api, () => commands, to);
  await store.reset();
  const line = store.lines.find(({ group }) => group === 'conversations');
  line?.run();
  expect(to.open).toHaveBeenCalledWith(1, null);
});

// Catches the same conversation standing there once for its title and once for each message.
it('shows a conversation once, with the words of its message', async () => {
  const hits = [
    hit('Paris'),
    { ...hit('Paris'), messageId: 3, excerpt: 'in Paris' },
    { ...hit('Paris'), messageId: 9 },
  ];
  const host = createFakeHost({ 'chat.search': () => Promise.resolve(hits) });
  const store = new PaletteStore(host.api, () => [], actions());
  store.query = 'paris';
  await vi.waitFor(() => expect(store.lines.map(({ excerpt }) => excerpt)).toEqual(['in Paris', undefined]));
});

function hit(title: string) {
  const conversation = {
    id: 7,
    title,
    titleSource: 'person' as const,
    pinned: false,
    archived: false,
    folderId: null,
    tags: [],
    temporary: false,
    createdAt: 0,
    updatedAt: 0,
    presetId: null,
    modelId: null,
    settings: answerSettings.parse({}),
    generating: false,
  };
  return { conversation, messageId: null, role: null, modelName: null, at: 0, excerpt: title };
}

// Catches a palette that empties itself while one types: opening it runs in an effect, which must not follow the text.
it('keeps what is typed after it was opened inside an effect', async () => {
  const store = new PaletteStore(createFakeHost().api, () => commands, actions());
  const stop = $effect.root(() => {
    $effect(() => void store.reset());
  });
  flushSync();
  for (const text of ['c', 'co', 'cou']) {
    store.query = text;
    flushSync();
  }
  expect(store.query).toBe('cou');
  stop();
});
