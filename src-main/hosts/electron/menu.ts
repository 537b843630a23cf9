// The menu bar: the system's standard items, and every action of the page with the shortcut that the page gives it
// (the table in src-renderer/app/keyboard.ts). A chosen action is sent to the page by name.
import { Menu, type MenuItemConstructorOptions } from 'electron';

/** The page's names for its actions. */
type MenuCommand =
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

const separator: MenuItemConstructorOptions = { type: 'separator' };

/** `send` brings a command to the page. */
export function setMenu(send: (command: MenuCommand) => void, isPackaged: boolean): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(send, isPackaged)));
}

function menuTemplate(
  send: (command: MenuCommand) => void,
  isPackaged: boolean,
): MenuItemConstructorOptions[] {
  const mac = process.platform === 'darwin';
  const item = (label: string, command: MenuCommand, accelerator: string): MenuItemConstructorOptions => ({
    label,
    accelerator,
    // Elsewhere than on a Mac the page hears the keys itself; both would do the action twice.
    registerAccelerator: false,
    click: () => send(command),
  });
  const settings = item('Settings…', 'settings', 'CmdOrCtrl+,');
  return [
    ...(mac ? [macAppMenu(settings)] : []),
    {
      label: '&File',
      submenu: [
        item('New Conversation', 'newConversation', 'CmdOrCtrl+N'),
        separator,
        ...(mac ? [{ role: 'close' } as const] : [settings, separator, { role: 'quit' } as const]),
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        item('Commands…', 'palette', 'CmdOrCtrl+K'),
        item('Search Everything', 'search', 'CmdOrCtrl+Shift+F'),
        item('Find in Conversation', 'find', 'CmdOrCtrl+F'),
        separator,
        item('Chat', 'chat', 'CmdOrCtrl+1'),
        item('Read', 'read', 'CmdOrCtrl+2'),
        item('Models', 'models', 'CmdOrCtrl+3'),
        item('Show or Hide the List', 'list', 'CmdOrCtrl+B'),
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
        ...(isPackaged ? [] : [separator, { role: 'reload' } as const, { role: 'toggleDevTools' } as const]),
      ],
    },
    { role: 'windowMenu' },
    { role: 'help', submenu: [item('Keyboard Shortcuts', 'sheet', 'CmdOrCtrl+/')] },
  ];
}

function macAppMenu(settings: MenuItemConstructorOptions): MenuItemConstructorOptions {
  return {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      separator,
      settings,
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  };
}
