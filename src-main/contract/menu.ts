// What the desktop menu can ask of the page, and the one object that the preload adds to it for that.

/** Everything a menu item can send; the page takes nothing else. */
export const MENU_COMMANDS = [
  'new-conversation',
  'command-palette',
  'toggle-list',
  'go-chat',
  'go-models',
  'go-settings',
  'shortcuts',
] as const;
export type MenuCommand = (typeof MENU_COMMANDS)[number];

/** `window.lapidary` in Electron; in browser mode there is none. */
export interface PreloadApi {
  /** Calls back with every command chosen from the menu, until the returned function is called. */
  onCommand(run: (command: MenuCommand) => void): () => void;
}
