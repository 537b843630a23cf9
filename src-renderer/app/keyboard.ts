// The keyboard of the whole window: one table that both the listener and the shortcut sheet read. `mod` is Cmd on
// a Mac and Ctrl elsewhere. A browser keeps some keys to itself, so browser mode has others for the same thing.
import type { MessageKey } from '../messages/translate.ts';

const MAC = /mac/i.test(navigator.userAgent);
const IN_BROWSER = window.location.protocol !== 'app:';

export type ShortcutId =
  | 'palette'
  | 'search'
  | 'find'
  | 'newConversation'
  | 'chat'
  | 'read'
  | 'models'
  | 'settings'
  | 'list'
  | 'sheet';

interface Shortcut {
  id: ShortcutId;
  /** The first is the one that is shown. */
  keys: readonly string[];
}

function place(digit: number): readonly string[] {
  return IN_BROWSER ? [`mod+alt+${digit}`] : [`mod+${digit}`];
}

export const SHORTCUTS: readonly Shortcut[] = [
  { id: 'palette', keys: ['mod+k'] },
  { id: 'search', keys: ['mod+shift+f'] },
  { id: 'find', keys: ['mod+f'] },
  { id: 'newConversation', keys: IN_BROWSER ? ['mod+shift+o'] : ['mod+n', 'mod+shift+o'] },
  { id: 'chat', keys: place(1) },
  { id: 'read', keys: place(2) },
  { id: 'models', keys: place(3) },
  { id: 'settings', keys: ['mod+,', ...place(4)] },
  { id: 'list', keys: ['mod+b'] },
  { id: 'sheet', keys: ['?', 'mod+/'] },
];

/** Keys that a place handles itself; listed for the sheet. */
export const CHAT_SHORTCUTS: readonly { label: MessageKey; keys: string }[] = [
  { label: 'shortcuts.send', keys: 'enter' },
  { label: 'shortcuts.newLine', keys: 'shift+enter' },
  { label: 'shortcuts.stop', keys: 'esc' },
  { label: 'shortcuts.spelling', keys: 'mod+.' },
];

const MAC_SIGNS: Record<string, string> = { mod: '⌘', shift: '⇧', alt: '⌥', enter: '↩', esc: 'Esc' };
const SIGNS: Record<string, string> = { mod: 'Ctrl', shift: 'Shift', alt: 'Alt', enter: 'Enter', esc: 'Esc' };

/** `mod+shift+o` as this system writes it: ⇧⌘O or Ctrl+Shift+O. */
export function formatKeys(keys: string): string {
  const signs = MAC ? MAC_SIGNS : SIGNS;
  return keys
    .split('+')
    .map((key) => signs[key] ?? key.toUpperCase())
    .join(MAC ? '' : '+');
}

export function shownKeys(id: ShortcutId): string {
  return formatKeys(SHORTCUTS.find((each) => each.id === id)?.keys[0] ?? '');
}

/** The shortcut that this press means, if any. */
export function findShortcut(event: KeyboardEvent): ShortcutId | null {
  if (event.isComposing || event.getModifierState('AltGraph')) return null;
  const pressed = describe(event);
  const found = SHORTCUTS.find((each) => each.keys.includes(pressed));
  if (!found || (!pressed.startsWith('mod+') && isWriting(event.target))) return null;
  return found.id;
}

/** The action that the desktop's menu bar asks for, if this is such a message; the preload posts it. */
export function findMenuCommand(event: MessageEvent): ShortcutId | null {
  const { type, command } = (event.data ?? {}) as { type?: unknown; command?: unknown };
  if (event.source !== window || type !== 'lapidary-command') return null;
  return SHORTCUTS.find((each) => each.id === command)?.id ?? null;
}

function describe(event: KeyboardEvent): string {
  const mod = MAC ? event.metaKey : event.ctrlKey;
  // Option and Shift change what a key writes, so with a modifier digits and letters go by their place.
  const plain = /^(?:Key|Digit)(.)$/.exec(event.code)?.[1]?.toLowerCase();
  const key = mod && event.altKey && plain ? plain : event.key.toLowerCase();
  if (!mod) return key;
  const shift = event.shiftKey && /^[a-z]$/.test(key);
  return `mod+${event.altKey ? 'alt+' : ''}${shift ? 'shift+' : ''}${key}`;
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
  );
}
