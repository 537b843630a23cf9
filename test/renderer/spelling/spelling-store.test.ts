// Catches: a word learned twice or lost, one marked again for its capital or its apostrophe, marks that do not follow the
// settings, a worker begun for somebody who turned them off, a failure that nobody is told.
import { expect, it, vi } from 'vitest';
import { dialectOf, SpellingStore } from '../../../src-renderer/stores/spelling-store.svelte.ts';
import { createStores } from '../../../src-renderer/stores/stores.ts';
import type { LintWorker } from '../../../src-renderer/ui/spelling/lint-client.ts';
import type { LintRequest } from '../../../src-renderer/ui/spelling/lint-messages.ts';
import { createFakeHost } from '../../support/fake-api.ts';

async function setUp(failing = false) {
  const host = createFakeHost();
  const { settings, toasts } = createStores(host.api);
  await vi.waitFor(() => expect(settings.values).not.toBeNull());
  const asked: LintRequest[] = [];
  const begin = vi.fn((): LintWorker => ({
    postMessage(_, [port]) {
      const own = port as MessagePort;
      own.addEventListener('message', ({ data }: MessageEvent<LintRequest>) => {
        asked.push(data);
        own.postMessage(failing ? { id: data.id, failure: 'no' } : { id: data.id, lints: [] });
      });
      own.start();
    },
    addEventListener: () => {},
    terminate: () => {},
  }));
  return { host, settings, toasts, asked, begin, spelling: new SpellingStore(settings, toasts, begin) };
}

it('learns a word once, knows it in all its forms, forgets it and takes that back', async () => {
  const { host, spelling, toasts } = await setUp();
  expect(spelling.isOwnWord('Lapidary')).toBe(false);
  spelling.learn('Lapidary');
  spelling.learn('lapidary');
  spelling.learn('o’clocks');
  await vi.waitFor(() => expect(host.settings.value.ownWords).toEqual(['Lapidary', 'o’clocks']));
  const forms = ['Lapidary', 'LAPIDARY', 'Lapidary’s', "lapidary's", "o'clocks"];
  expect(forms.filter((form) => !spelling.isOwnWord(form))).toEqual([]);
  expect(spelling.isOwnWord('Lapidarys')).toBe(false);
  spelling.forget('Lapidary');
  await vi.waitFor(() => expect(host.settings.value.ownWords).toEqual(['o’clocks']));
  expect(toasts.list.map(({ text }) => text)).toEqual(['“Lapidary” is no longer one of your own words.']);
  toasts.list[0]?.action?.run();
  await vi.waitFor(() => expect(host.settings.value.ownWords).toEqual(['o’clocks', 'Lapidary']));
});

it('follows the settings, and tells fields when to look again', async () => {
  const { settings, spelling, asked } = await setUp();
  const versions = new Set([spelling.version]);
  await settings.save('spellingDialect', 'british');
  versions.add(spelling.version);
  await spelling.lint('colour');
  expect(asked.map(({ dialect }) => dialect)).toEqual(['British']);
  expect([spelling.known('colour'), spelling.active]).toEqual([[], true]);
  spelling.learn('appel');
  versions.add(spelling.version);
  await settings.save('spelling', 'system');
  versions.add(spelling.version);
  expect([versions.size, spelling.active]).toEqual([4, false]);
});

it('begins its worker with the first text only', async () => {
  const { spelling, begin } = await setUp();
  spelling.learn('appel');
  expect([spelling.known('text'), spelling.active, begin.mock.calls.length]).toEqual([undefined, true, 0]);
  await spelling.lint('text');
  expect(begin).toHaveBeenCalledTimes(1);
});

it('says once that it does not work', async () => {
  const { spelling, toasts } = await setUp(true);
  for (const text of ['a', 'b', 'c']) expect(await spelling.lint(text)).toEqual([]);
  expect(toasts.list.map(({ text, tone }) => [text, tone])).toEqual([
    [expect.stringContaining('Spelling marks'), 'error'],
  ]);
});

it('keeps the words that the host has when it refuses another', async () => {
  const { host, spelling, toasts } = await setUp();
  host.down = true;
  host.disconnect();
  spelling.learn('appel');
  await vi.waitFor(() => expect(toasts.list).toHaveLength(1));
  expect(spelling.ownWords).toEqual([]);
});

it('takes the English of the place', () => {
  expect(['en-US', 'en-GB', 'en', 'en-AU', 'en-IN', 'en-CA', 'en-NZ', 'de-DE'].map(dialectOf)).toEqual([
    'American',
    'British',
    'American',
    'Australian',
    'Indian',
    'Canadian',
    'British',
    'American',
  ]);
});
