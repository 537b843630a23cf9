// Browser mode from start to stop: one instance per data folder, the server, the app behind it, the address.
import { join } from 'node:path';
import { createApp, type App } from '../../services/create-app.ts';
import { createLog } from '../../lib/log.ts';
import { acquireLock } from '../instance-lock.ts';
import { PAGE_FOLDER, RESOURCES, appVersion, dataFolder } from '../places.ts';
import { readStartOptions, type StartOptions } from '../start-options.ts';
import { stopInTime } from '../stop-in-time.ts';
import { createBrowserHost } from './browser-host.ts';
import { openAddress } from './open-address.ts';
import { startPageServer, type PageServer } from './page-server.ts';
import { askForAddress } from './running-instance.ts';

const SAVE_LIMIT_MS = 5_000;

/** Starts the app, or opens the one that already has this data folder. Returns when the address is printed. */
export async function runBrowserMode(args: readonly string[]): Promise<void> {
  const options = readStartOptions(args);
  const folder = dataFolder(options.dataFolder);
  let app: Promise<App> | null = null;
  const server = await startPageServer({
    folder: PAGE_FOLDER,
    port: options.port,
    connect: async (port) => (await app)?.serve(port),
  });
  const found = acquireLock(folder, { host: 'browser', port: server.port });
  if ('other' in found) {
    await server.close();
    return openRunning(await askForAddress(found.other, folder), options);
  }
  server.trust(found.lock.secret);
  const log = createLog(join(folder, 'logs', 'host.log'));
  app = createApp({
    paths: { dataFolder: folder, resources: RESOURCES },
    host: createBrowserHost(log),
    version: appVersion(),
  });
  stopOnSignals(server, app, () => found.lock.release());
  announce(server.newAddress(), options);
  await app;
}

function announce(address: string, options: StartOptions): void {
  process.stdout.write(
    `Lapidary is ready at ${address}\n` +
      'The address works once; "npm start" in another terminal gives a new one. Ctrl+C stops Lapidary.\n',
  );
  if (options.open) openUnasked(address);
}

function openRunning(answer: Awaited<ReturnType<typeof askForAddress>>, options: StartOptions): void {
  if ('problem' in answer) {
    process.stderr.write(`${answer.problem}\n`);
    process.exitCode = 1;
    return;
  }
  process.stdout.write(`Lapidary is already running, at ${answer.address}\n`);
  if (options.open) openUnasked(answer.address);
}

/** The address is printed in any case, so that a missing browser is a sentence and no failure. */
function openUnasked(address: string): void {
  openAddress(address).catch((error: Error) =>
    process.stdout.write(`No browser could be opened (${error.message}): open the address yourself.\n`),
  );
}

function stopOnSignals(server: PageServer, app: Promise<App>, release: () => void): void {
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    const close = async (): Promise<void> => {
      // Saving first: a page that does not hang up must not cost the person's text.
      await (await app).close();
      await server.close();
    };
    const problem = await stopInTime(close, SAVE_LIMIT_MS);
    if (problem) process.stderr.write(`${problem.message}\n`);
    release();
    process.exit(problem ? 1 : 0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());
}
