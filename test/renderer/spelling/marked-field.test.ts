// Catches: marks of a text that is no longer there, suggestions that one can't reach or leave by keyboard, keys that act
// twice, a listener or timer that outlives its field, work for people who turned the marks off.
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import MarkedField from '../../../src-renderer/ui/spelling/MarkedField.svelte';
import { FakeSpelling } from '../../support/fake-spelling.svelte.ts';

const TEXT = 'I has a appel in the garden.';

let spelling: FakeSpelling;
let part: Record<string, unknown> | null;
let pressed: string[];

beforeEach(() => {
  vi.useFakeTimers();
  spelling = new FakeSpelling();
  pressed = [];
  part = mount(MarkedField, {
    target: document.body,
    props: { spelling, label: 'Message', onkeydown: (event: KeyboardEvent) => void pressed.push(event.key) },
  });
  flushSync();
});
afterEach(async () => {
  if (part) await unmount(part);
  document.body.replaceChildren();
  vi.useRealTimers();
});

const field = (): HTMLTextAreaElement => document.querySelector('textarea') ?? expect.fail('no field');
const layer = (): HTMLElement => document.querySelector('.layer') ?? expect.fail('no layer');
const marked = (): (string | null)[] =>
  [...layer().querySelectorAll('[data-mark]')].map((each) => each.textContent);
const choices = (): (string | undefined)[] =>
  [...document.querySelectorAll('[role="option"]')].map((each) => each.textContent?.trim());

async function write(text: string, at = text.length): Promise<void> {
  field().value = text;
  field().setSelectionRange(at, at);
  field().dispatchEvent(new InputEvent('input', { bubbles: true }));
  await settled();
}

async function settled(): Promise<void> {
  flushSync();
  await vi.advanceTimersByTimeAsync(1_500);
  flushSync();
  await vi.advanceTimersByTimeAsync(100);
  flushSync();
}

/** Returns whether the field's own action was prevented. */
function press(key: string, more: KeyboardEventInit = {}): boolean {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
  field().dispatchEvent(event);
  flushSync();
  return event.defaultPrevented;
}

it('marks words while one writes, and says how many there are', async () => {
  expect(layer().childElementCount).toBe(0);
  await write(TEXT);
  expect(marked()).toEqual(['has', 'appel']);
  expect(document.querySelector('[role="status"]')?.textContent).toContain('2 marked places');
  await write('I have an apple in the garden.');
  expect([marked(), layer().textContent]).toEqual([[], 'I have an apple in the garden.']);
  expect(document.querySelector('[role="status"]')?.textContent).toBe('');
});

it('offers and applies a suggestion by keyboard, and gives the keys back', async () => {
  await write(TEXT, 8);
  expect(press('.', { ctrlKey: true })).toBe(true);
  expect(choices()).toEqual(['apple', 'appeal', 'Ignore here', 'Add to dictionary']);
  const list = document.querySelector('[role="listbox"]');
  expect(field().getAttribute('aria-controls')).toBe(list?.id);
  expect(document.getElementById(field().getAttribute('aria-activedescendant') ?? '')?.textContent).toContain(
    'apple',
  );
  expect([press('ArrowDown'), press('Enter')]).toEqual([true, true]);
  expect([field().value, choices(), pressed]).toEqual(['I has a appeal in the garden.', [], []]);
  await settled();
  expect(marked()).toEqual(['has']);
  expect([press('Enter'), pressed]).toEqual([false, ['Enter']]);
});

it('closes with Escape and nothing else happens; any other key is the field’s', async () => {
  await write(TEXT, 0);
  press('.', { ctrlKey: true });
  expect([press('Escape'), choices(), pressed]).toEqual([true, [], []]);
  press('.', { ctrlKey: true });
  expect([press('x'), choices(), pressed]).toEqual([false, [], ['x']]);
  expect(press('.', { ctrlKey: true, isComposing: true })).toBe(false);
});

it('learns a word, and ignores a place', async () => {
  await write(TEXT, 8);
  press('.', { ctrlKey: true });
  press('ArrowUp');
  press('Enter');
  await settled();
  expect([spelling.ownWords, marked()]).toEqual([['appel'], ['has']]);
  press('.', { ctrlKey: true });
  press('ArrowDown');
  press('Enter');
  await settled();
  expect(marked()).toEqual([]);
  expect(press('.', { ctrlKey: true })).toBe(false);
});

it('leaves no line behind when marks are turned off and on', async () => {
  await write(`${TEXT}\nand more\nand more`);
  expect(layer().childElementCount).toBe(3);
  spelling.active = false;
  await settled();
  expect(layer().childElementCount).toBe(0);
  await write(TEXT);
  expect([layer().childElementCount, spelling.asked.length]).toEqual([0, 1]);
  spelling.active = true;
  await settled();
  expect([marked(), layer().childElementCount, layer().textContent]).toEqual([['has', 'appel'], 1, TEXT]);
});

it('draws nothing at all of a text of a document’s length', async () => {
  await write(TEXT);
  await write('I has a appel.\n'.repeat(11_000));
  expect([layer().childElementCount, spelling.asked.length]).toEqual([0, 1]);
  expect(press('.', { ctrlKey: true })).toBe(false);
  await write(TEXT);
  expect(marked()).toEqual(['has', 'appel']);
});

it('goes without a trace, also in the middle of its work', async () => {
  let release = (): void => {};
  spelling.held = new Promise((resolve) => (release = resolve));
  field().value = TEXT;
  field().dispatchEvent(new InputEvent('input', { bubbles: true }));
  flushSync();
  await vi.advanceTimersByTimeAsync(100);
  expect(spelling.asked).toHaveLength(1);
  if (part) await unmount(part);
  part = null;
  release();
  await vi.advanceTimersByTimeAsync(10_000);
  expect([spelling.asked.length, document.querySelector('.layer'), vi.getTimerCount()]).toEqual([1, null, 0]);
});
