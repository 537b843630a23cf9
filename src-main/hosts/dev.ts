// `npm run dev`: Vite serves the page with hot reload and passes its socket on to a host that starts again whenever
// its sources change. Development only; nothing here is in a built app.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createServer, type ProxyOptions } from 'vite';
import { readInstance } from './instance-lock.ts';
import { openAddress } from './browser/open-address.ts';
import { ROOT, dataFolder } from './places.ts';
import { readStartOptions } from './start-options.ts';

const HOST_PORT = 5174;
const options = readStartOptions(process.argv.slice(2));
// Own data by default, so that a half-finished migration never meets a person's conversations.
const folder = dataFolder(options.dataFolder ?? join(dataFolder(undefined), 'development'));

const host = spawn(
  process.execPath,
  [
    '--watch',
    '--watch-preserve-output',
    join(ROOT, 'src-main', 'hosts', 'browser', 'main.ts'),
    '--no-open',
    `--port=${HOST_PORT}`,
    `--data-folder=${folder}`,
  ],
  { stdio: 'inherit' },
);

const socket: ProxyOptions = {
  target: `ws://127.0.0.1:${HOST_PORT}`,
  ws: true,
  changeOrigin: true,
  configure(proxy) {
    proxy.on('proxyReqWs', (request) => {
      // The page comes from Vite's address, so it enters by the secret instead of a cookie of the host's.
      request.removeHeader('origin');
      request.setHeader('authorization', `Bearer ${readInstance(folder)?.secret ?? ''}`);
    });
  },
};

const server = await createServer({
  configFile: join(ROOT, 'src-renderer', 'vite.config.ts'),
  logLevel: 'info',
  server: { host: '127.0.0.1', port: options.port || 5173, proxy: { '/socket': socket } },
});
await server.listen();
server.printUrls();
const address = server.resolvedUrls?.local[0];
if (options.open && address) await openAddress(address).catch(() => {}); // The address is printed.

const stop = (): void => {
  host.kill('SIGTERM');
  void server.close().then(() => process.exit(0));
};
process.on('SIGINT', stop).on('SIGTERM', stop);
