// Catches: a change that jumps back because the host tells of an earlier one, an answer to an older change that wins over
// a newer one, a refused change that stays.
import { expect, it, vi } from 'vitest';
import { SettingsStore } from '../../../src-renderer/stores/settings-store.svelte.ts';
import { createStores } from '../../../src-renderer/stores/stores.ts';
import type { Settings } from '#contract/settings.ts';
import type { Api } from '../../../src-renderer/bridge.ts';
import { createFakeHost } from '../../support/fake-api.ts';
import { defaultSettings } from '../../support/fake-data.ts';

/** A host that answers and tells when the test says so. */
function setUp() {
  const answers: { resolve: (values: Settings) => void; reject: (error: Error) => void }[] = [];
  let tell: (values: Settings) => void = () => {};
  const api = {
    subscribe: (_: string, __: undefined, listener: typeof tell) => (tell = listener),
    call: () => new Promise<Settings>((resolve, reject) => answers.push({ resolve, reject })),
  } as unknown as Api;
  const { toasts } = createStores(createFakeHost().api);
  const store = new SettingsStore(api, toasts);
  tell({ ...defaultSettings, ownWords: [] });
  const words = (): readonly string[] => store.values?.ownWords ?? [];
  return { store, answers, tell: (ownWords: string[]) => tell({ ...defaultSettings, ownWords }), words };
}

const withWords = (ownWords: string[]): Settings => ({ ...defaultSettings, ownWords });

it('shows the newest change, whatever the host still tells and answers of earlier ones', async () => {
  const { store, answers, tell, words } = setUp();
  const first = store.save('ownWords', ['a']);
  const second = store.save('ownWords', ['a', 'b']);
  tell(['a']);
  expect(words()).toEqual(['a', 'b']);
  answers[0]?.resolve(withWords(['a']));
  await first;
  expect(words()).toEqual(['a', 'b']);
  answers[1]?.resolve(withWords(['a', 'b']));
  await second;
  expect(words()).toEqual(['a', 'b']);
  tell(['elsewhere']);
  expect(words()).toEqual(['elsewhere']);
});

it('goes back to what the host says when a change is refused, and keeps other changes', async () => {
  const { store, answers, tell, words } = setUp();
  const refused = store.save('ownWords', ['a']);
  const other = store.save('theme', 'dark');
  tell(['told']);
  answers[0]?.reject(new Error('no'));
  expect(await refused).not.toBeNull();
  expect([words(), store.values?.theme]).toEqual([['told'], 'dark']);
  answers[1]?.resolve({ ...withWords(['told']), theme: 'dark' });
  await other;
  await vi.waitFor(() => expect(store.values).toEqual({ ...withWords(['told']), theme: 'dark' }));
});
