// What the desktop offers the app: engine and reader processes, links, dialogs, the system's secret store.
import { BrowserWindow, dialog, safeStorage, session, shell, type OpenDialogOptions } from 'electron';
import { AppError } from '#contract/errors.ts';
import type { Log } from '../../lib/log.ts';
import { engineStart, readerStart } from '../child-environment.ts';
import type { Host } from '../host.ts';
import { startChild } from './start-child.ts';

const notYet = { unavailable: 'not-built-yet' } as const;

/** Asks the system what it can do, so the app must be ready. */
export function createElectronHost(log: Log): Host {
  return {
    kind: 'electron',
    startEngine: (environment) => startChild(engineStart(environment), log),
    startReader: () => startChild(readerStart(), log),
    openExternal: (url) => shell.openExternal(url),
    capabilities: {
      openDialog: {
        chooseModelFile: () =>
          choose({ properties: ['openFile'], filters: [{ name: 'GGUF', extensions: ['gguf'] }] }),
        chooseConversations: () =>
          choose({
            properties: ['openFile'],
            filters: [{ name: 'JSON, ZIP', extensions: ['json', 'jsonl', 'zip'] }],
          }),
      },
      folderDialog: { chooseFolder: () => choose({ properties: ['openDirectory', 'createDirectory'] }) },
      fileManager: {
        moveToBin,
        showInFolder: (path) => shell.showItemInFolder(path),
        openFolder,
      },
      // -1 takes the bar away.
      taskbarProgress: {
        show(progress) {
          for (const window of BrowserWindow.getAllWindows()) window.setProgressBar(progress ?? -1);
        },
      },
      systemProxy: { resolve: (url) => session.defaultSession.resolveProxy(url) },
      secrets: keepsSecrets()
        ? {
            encrypt: (text: string) => safeStorage.encryptString(text),
            decrypt: (data: Buffer) => safeStorage.decryptString(data),
          }
        : { unavailable: 'platform' },
      globalShortcut: notYet,
      tray: notYet,
      updates: notYet,
    },
  };
}

/**
 * Without a keyring Linux would only disguise a secret, with a key that everyone knows. Whether the store really opens
 * shows when it is used: asking (isEncryptionAvailable) opens it, and a start must ask nobody for a password.
 */
function keepsSecrets(): boolean {
  if (process.platform !== 'linux') return true;
  return !['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend());
}

/** Not every disk has a bin: those in the network mostly have none. */
async function moveToBin(path: string): Promise<void> {
  await shell.trashItem(path).catch((cause: unknown) => {
    throw new AppError('unavailable-here', `No bin takes ${path}`, { cause });
  });
}

async function openFolder(path: string): Promise<void> {
  const problem = await shell.openPath(path); // '' when it worked
  if (problem !== '') throw new AppError('unavailable-here', `Opening ${path}: ${problem}`);
}

async function choose(options: OpenDialogOptions): Promise<string | null> {
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  const { filePaths } = await (window
    ? dialog.showOpenDialog(window, options)
    : dialog.showOpenDialog(options));
  return filePaths[0] ?? null;
}
