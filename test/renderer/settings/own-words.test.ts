// Catches: words that nobody finds in a long list, a focus that is lost with the word that goes, a word removed by
// mistake that can't be had back, thousands of buttons.
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { createStores } from '../../../src-renderer/stores/stores.ts';
import { createFakeHost } from '../../support/fake-api.ts';
import SettingsPageInContext from '../../support/SettingsPageInContext.svelte';

let page: Record<string, unknown> | null = null;

afterEach(async () => {
  if (page) await unmount(page);
  page = null;
});

async function show(ownWords: string[]) {
  const host = createFakeHost();
  const stores = createStores(host.api);
  page = mount(SettingsPageInContext, { target: document.body, props: { stores } });
  await vi.waitFor(() => expect(stores.settings.values).not.toBeNull());
  await stores.settings.save('ownWords', ownWords);
  await vi.waitFor(() => {
    flushSync();
    expect(document.querySelector('#own-words')).not.toBeNull();
  });
  return { host, stores };
}

const part = (): HTMLElement => document.querySelector('#own-words')?.parentElement ?? expect.fail('no part');
const words = (): (string | null)[] => [...part().querySelectorAll('bdi')].map((each) => each.textContent);
const remove = (word: string): HTMLElement =>
  part().querySelector(`button[aria-label*="“${word}”"]`) ?? expect.fail(`no button for ${word}`);

it('shows them in the order of the alphabet; the focus stays among them', async () => {
  const { host, stores } = await show(['Zürich', 'anchorage', 'Änderung', 'gguf']);
  expect(words()).toEqual(['anchorage', 'Änderung', 'gguf', 'Zürich']);
  remove('gguf').focus();
  remove('gguf').click();
  await vi.waitFor(() => expect(document.activeElement).toBe(remove('Zürich')));
  expect(host.settings.value.ownWords).toEqual(['Zürich', 'anchorage', 'Änderung']);
  remove('Zürich').click();
  await vi.waitFor(() => expect(document.activeElement).toBe(remove('Änderung')));
  stores.toasts.list[0]?.action?.run();
  flushSync();
  expect(words()).toEqual(['anchorage', 'Änderung', 'gguf']);
});

it('says that there are none, and keeps the focus near', async () => {
  await show(['gguf']);
  remove('gguf').click();
  await vi.waitFor(() => expect(document.activeElement?.id).toBe('own-words'));
  expect([words(), part().textContent]).toEqual([[], expect.stringContaining('None yet.')]);
});

it('draws a part of a long list and finds the others', async () => {
  await show(Array.from({ length: 300 }, (_, index) => `word${index}`));
  expect([words().length, part().textContent]).toEqual([100, expect.stringContaining('200 more')]);
  const field = part().querySelector('input') ?? expect.fail('no field');
  field.value = ' Word29';
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  flushSync();
  expect(words()).toEqual(['word29', ...Array.from({ length: 10 }, (_, index) => `word29${index}`)]);
  field.value = 'nothing';
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  flushSync();
  expect([words(), part().textContent]).toEqual([[], expect.stringContaining('None of your words')]);
});
