// Puts the chosen theme on <html>, and remembers it so that a reload does not flash in the other one.
import type { Settings } from '#contract/settings.ts';

export type Theme = Settings['theme'];
const KEY = 'lapidary.theme';

/** `system` leaves the choice to the system. */
export function applyTheme(theme: Theme): void {
  const root = document.documentElement;
  if (theme === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = theme;
  localStorage.setItem(KEY, theme);
}

/** Applies what was chosen last, before the host has answered. */
export function recallTheme(): void {
  const theme = localStorage.getItem(KEY);
  if (theme === 'light' || theme === 'dark') applyTheme(theme);
}
