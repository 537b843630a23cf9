import { expect, it } from 'vitest';
import { findMenuCommand, findShortcut } from '../../../src-renderer/app/keyboard.ts';

function press(
  key: string,
  more: KeyboardEventInit = {},
  target: Element = document.body,
  altGraph = false,
): string | null {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, ...more });
  Object.defineProperty(event, 'target', { value: target });
  // The simulated window takes Alt for AltGr.
  event.getModifierState = () => altGraph;
  return findShortcut(event);
}

it('knows the shortcuts of the window', () => {
  expect(press('k', { ctrlKey: true })).toBe('palette');
  expect(press('K', { ctrlKey: true })).toBe('palette');
  expect(press('O', { ctrlKey: true, shiftKey: true })).toBe('newConversation');
  expect(press(',', { ctrlKey: true })).toBe('settings');
  expect(press('¹', { ctrlKey: true, altKey: true, code: 'Digit1' })).toBe('chat');
  expect(press('?', { shiftKey: true })).toBe('sheet');
  expect(press('k')).toBeNull();
});

// Catches a shortcut that eats what somebody writes.
it('leaves plain keys alone where one writes', () => {
  const field = document.createElement('textarea');
  expect(press('?', { shiftKey: true }, field)).toBeNull();
  expect(press('k', { ctrlKey: true }, field)).toBe('palette');
});

// Catches a shortcut that fires where AltGr, which counts as Ctrl+Alt, writes a character.
it('leaves AltGr alone', () => {
  expect(press('¹', { ctrlKey: true, altKey: true, code: 'Digit1' }, document.body, true)).toBeNull();
});

// Catches a shortcut that fires in the middle of composing Japanese or Chinese.
it('leaves an input method alone', () => {
  expect(press('k', { ctrlKey: true, isComposing: true })).toBeNull();
});

it('obeys the menu bar only in its own words and only from its own window', () => {
  const message = (data: unknown, source: Window | null = window): MessageEvent =>
    new MessageEvent('message', { data, source });
  expect(findMenuCommand(message({ type: 'lapidary-command', command: 'newConversation' }))).toBe(
    'newConversation',
  );
  expect(findMenuCommand(message({ type: 'lapidary-command', command: 'constructor' }))).toBeNull();
  expect(findMenuCommand(message({ type: 'lapidary-command', command: 'chat' }, null))).toBeNull();
  expect(findMenuCommand(message(null))).toBeNull();
});
