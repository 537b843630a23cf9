// The one window: sandboxed, isolated, shown when there is something to see.
import {
  app,
  BrowserWindow,
  nativeTheme,
  type BrowserWindowConstructorOptions,
  type WebContents,
} from 'electron';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addContextMenu } from './context-menu.ts';
import { PAGE_ADDRESS } from './page-scheme.ts';
import { recallWindow, rememberWindow } from './window-state.ts';

const PRELOAD = fileURLToPath(new URL('./preload.cjs', import.meta.url));
const PAPER = { light: '#FAF9F7', dark: '#151413' };
const MAX_CRASHES_PER_MINUTE = 3;

interface WindowPaths {
  dataFolder: string;
  resources: string;
}

/** Opens the window where it was last. */
export function openMainWindow({ dataFolder, resources }: WindowPaths): BrowserWindow {
  const stateFile = join(dataFolder, 'window.json');
  const { maximized, ...bounds } = recallWindow(stateFile);
  const window = new BrowserWindow({ ...bounds, ...windowOptions(resources) });
  rememberWindow(window, stateFile);
  addContextMenu(window);
  reloadAfterCrash(window.webContents);
  window.once('ready-to-show', () => {
    if (maximized) window.maximize();
    window.show();
  });
  void window.loadURL(PAGE_ADDRESS);
  return window;
}

function windowOptions(resources: string): BrowserWindowConstructorOptions {
  return {
    title: 'Lapidary',
    minWidth: 640,
    minHeight: 480,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? PAPER.dark : PAPER.light,
    icon: join(resources, 'icons', 'icon-512.png'),
    webPreferences: {
      preload: PRELOAD,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: process.platform === 'darwin',
      devTools: !app.isPackaged,
    },
  };
}

/** A page that crashed comes back by itself, unless it does nothing but crash. */
function reloadAfterCrash(contents: WebContents): void {
  let crashes: number[] = [];
  contents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    const now = Date.now();
    crashes = [...crashes.filter((time) => now - time < 60_000), now];
    if (crashes.length <= MAX_CRASHES_PER_MINUTE) contents.reload();
  });
}
