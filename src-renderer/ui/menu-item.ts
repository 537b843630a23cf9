// One line of a menu, shared by every place that opens one.
import type { LucideIcon } from '@lucide/svelte';

export interface MenuAction {
  label: string;
  /** A second, quieter line. */
  note?: string | undefined;
  icon?: LucideIcon | undefined;
  /** The shortcut, as people read it. */
  keys?: string | undefined;
  danger?: boolean | undefined;
  disabled?: boolean | undefined;
  /** Present: a choice with a tick. */
  checked?: boolean | undefined;
  run: () => void;
}

/** `'line'` draws a divider. */
export type MenuItem = MenuAction | 'line';
