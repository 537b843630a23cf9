// Browser mode with everything real but the engine, which paced-engine.ts replaces.
import { fork } from 'node:child_process';
import { portToChild } from '#rpc/child-process-port.ts';
import { startPageServer } from '../../src-main/hosts/browser/page-server.ts';
import { acquireLock } from '../../src-main/hosts/instance-lock.ts';
import { PAGE_FOLDER, RESOURCES } from '../../src-main/hosts/places.ts';
import { readStartOptions } from '../../src-main/hosts/start-options.ts';
import { createApp, type App } from '../../src-main/services/create-app.ts';
import { createTestHost } from './node-host.ts';

const { dataFolder = '' } = readStartOptions(process.argv.slice(2));
let app: Promise<App> | null = null;
const server = await startPageServer({
  folder: PAGE_FOLDER,
  port: 0,
  connect: async (port) => (await app)?.serve(port),
});
const found = acquireLock(dataFolder, { host: 'browser', port: server.port });
if ('lock' in found) server.trust(found.lock.secret);
const host = {
  ...createTestHost(),
  startEngine() {
    const child = fork(new URL('paced-engine.ts', import.meta.url), [], { execArgv: [] });
    return {
      pid: child.pid,
      port: portToChild(child),
      kill: () => void child.kill('SIGKILL'),
      onExit: (exited: (code: number | null) => void) => void child.once('exit', exited),
    };
  },
};
const resources = process.env['LAPIDARY_BENCH_RESOURCES'] ?? RESOURCES;
app = createApp({ paths: { dataFolder, resources }, host, version: '0.0.0-bench' });
await app;
console.log(`Lapidary is ready at ${server.newAddress()}`);
