// The desktop app from ready to quit: session, window, menu, the app behind them.
import { BrowserWindow, app, dialog, session } from 'electron';
import { join } from 'node:path';
import { createLog, type Log } from '../../lib/log.ts';
import { createApp, type App } from '../../services/create-app.ts';
import { appVersion } from '../places.ts';
import { stopInTime } from '../stop-in-time.ts';
import { createElectronHost } from './electron-host.ts';
import { openMainWindow } from './main-window.ts';
import { setMenu } from './menu.ts';
import { acceptPagePorts } from './page-ports.ts';
import { servePage } from './page-scheme.ts';
import { restrictSession } from './session-rules.ts';

const SAVE_LIMIT_MS = 3_000;

interface DesktopPaths {
  dataFolder: string;
  resources: string;
}

/** Electron is ready and the data folder is ours; `release` gives it free again. */
export function runDesktop(paths: DesktopPaths, release: () => void): void {
  const log = createLog(join(paths.dataFolder, 'logs', 'host.log'));
  restrictSession(session.defaultSession);
  servePage();
  // The page loads while the data is opened; its first questions wait.
  const opened = createApp({ paths, host: createElectronHost(log), version: appVersion() });
  opened.catch((error: unknown) => giveUp(error, log));
  acceptPagePorts((port) => void opened.then((lapidary) => lapidary.serve(port)));
  setMenu((command) => showWindow(paths).webContents.send('lapidary-command', command), app.isPackaged);
  showWindow(paths);
  app.on('second-instance', () => showWindow(paths));
  app.on('activate', () => showWindow(paths));
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  saveBeforeQuit(opened, log, release);
}

/** Brings the window to the front, or opens it. */
function showWindow(paths: DesktopPaths): BrowserWindow {
  const [window] = BrowserWindow.getAllWindows();
  if (!window) return openMainWindow(paths);
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
  return window;
}

/** Quitting waits for saving, never for the model, and never for long. */
function saveBeforeQuit(opened: Promise<App>, log: Log, release: () => void): void {
  let saved = false;
  let saving = false;
  const save = async (): Promise<void> => {
    const problem = await stopInTime(async () => (await opened).close(), SAVE_LIMIT_MS);
    if (problem) log.error('Quitting', problem);
    await log.flush();
    release();
    saved = true;
    app.quit();
  };
  app.on('before-quit', (event) => {
    if (saved) return;
    event.preventDefault();
    if (!saving) void save();
    saving = true;
  });
}

function giveUp(error: unknown, log: Log): void {
  const id = log.error('Starting', error);
  dialog.showErrorBox('Lapidary could not start', `The reason is in ${app.getName()}'s log, entry ${id}.`);
  app.exit(1);
}
