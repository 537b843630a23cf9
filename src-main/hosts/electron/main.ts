// Entry of the desktop app. What must happen before Electron is ready, and that only one runs per data folder.
import { app, dialog } from 'electron';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { acquireLock, isRunning } from '../instance-lock.ts';
import { RESOURCES, dataFolder } from '../places.ts';
import { readStartOptions } from '../start-options.ts';
import { restrictAllContents } from './contents-rules.ts';
import { declarePageScheme } from './page-scheme.ts';
import { runDesktop } from './run-desktop.ts';
import { stopBackgroundNetworking } from './session-rules.ts';

const folder = dataFolder(readStartOptions(process.argv.slice(1)).dataFolder);
const resources = app.isPackaged ? join(process.resourcesPath, 'lapidary') : RESOURCES;

app.setName('Lapidary');
// The name under which Windows groups windows and shows notifications; the same as in electron-builder.yml.
app.setAppUserModelId('io.github.lapidary.Lapidary');
// Chromium's own files, and with them Electron's lock, belong to the data folder too.
const chromiumFolder = join(folder, 'chromium');
mkdirSync(chromiumFolder, { recursive: true });
app.setPath('userData', chromiumFolder);
declarePageScheme();
stopBackgroundNetworking();
restrictAllContents();

if (app.requestSingleInstanceLock()) void app.whenReady().then(start);
else app.exit(0); // The first one comes to the front.

function start(): void {
  // Of desktop windows only this one can be alive here, so a lock of another is a leftover.
  const found = acquireLock(
    folder,
    { host: 'electron', port: null },
    (other) => other.host === 'browser' && isRunning(other),
  );
  if ('lock' in found) return runDesktop({ dataFolder: folder, resources }, () => found.lock.release());
  dialog.showErrorBox(
    'Lapidary is already running',
    `It is open in browser mode (process ${found.other.pid}), and only one can use the same data. Stop it first.`,
  );
  app.exit(1);
}
