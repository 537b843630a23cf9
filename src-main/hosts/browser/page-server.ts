// The loopback server of browser mode: the built page over HTTP, the contract over one WebSocket per window.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Port } from '#rpc/port.ts';
import { readPageFile } from '../page-file.ts';
import { pageHeaders } from '../page-policy.ts';
import { refusal } from './request-check.ts';
import { Sessions } from './sessions.ts';
import { acceptSockets } from './socket-server.ts';

export interface PageServerOptions {
  /** The built page. */
  folder: string;
  /** 0: any free port. */
  port: number;
  /** Takes over every new connection of a page. */
  connect: (port: Port) => Promise<void> | void;
}

export interface PageServer {
  readonly port: number;
  /** An address that lets one browser in, once. */
  newAddress(): string;
  /** From now on the secret in the lock file may ask for addresses. */
  trust(secret: string): void;
  close(): Promise<void>;
}

interface Site {
  folder: string;
  port: number;
  sessions: Sessions;
  newAddress(): string;
}

/** Listens on 127.0.0.1 and nowhere else. */
export async function startPageServer(options: PageServerOptions): Promise<PageServer> {
  const server = createServer();
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  const sessions = new Sessions(port);
  const newAddress = (): string => `http://127.0.0.1:${port}/?token=${sessions.newToken()}`;
  const site: Site = { folder: options.folder, port, sessions, newAddress };
  server.on('request', (request, response) => {
    answer(site, request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  const closeSockets = acceptSockets(server, { port, sessions, connect: options.connect });
  return {
    port,
    newAddress,
    trust: (secret) => sessions.trust(secret),
    async close() {
      closeSockets();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function answer(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = pageHeaders(`ws://127.0.0.1:${site.port}`, rawPath(request));
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const refused = refusal(request, site.port);
  if (refused) return say(response, refused, 'Refused');
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (request.method === 'POST' && pathname === '/address') return giveAddress(site, request, response);
  if (request.method !== 'GET' && request.method !== 'HEAD') return say(response, 405, 'Not allowed');
  const token = searchParams.get('token');
  if (token !== null) return enter(site, token, response);
  if (!site.sessions.hasSession(request.headers.cookie)) return turnAway(request, response);
  const file = await readPageFile(site.folder, rawPath(request));
  if (!file) return say(response, 404, 'Not found');
  response.writeHead(200, { ...file.headers, 'Content-Length': file.bytes.byteLength });
  response.end(request.method === 'HEAD' ? undefined : file.bytes);
}

/** The path as sent: `new URL` would already have resolved the dots that must be refused. */
function rawPath(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}

function enter(site: Site, token: string, response: ServerResponse): void {
  const cookie = site.sessions.redeem(token);
  if (!cookie)
    return say(response, 401, 'This address was used before. "npm start" in a terminal gives a new one.');
  response.writeHead(303, { Location: '/', 'Set-Cookie': cookie, 'Cache-Control': 'no-store' });
  response.end();
}

/** A link in another page arrives without our strict cookie; coming from ourselves the next moment, it has it. */
function turnAway(request: IncomingMessage, response: ServerResponse): void {
  const fromElsewhere = request.headers['sec-fetch-site'] === 'cross-site';
  if (fromElsewhere && request.headers['sec-fetch-mode'] === 'navigate') response.setHeader('Refresh', '0');
  say(
    response,
    401,
    'Lapidary is open to whoever started it. "npm start" in a terminal gives you an address.',
  );
}

function giveAddress(site: Site, request: IncomingMessage, response: ServerResponse): void {
  if (!site.sessions.hasSecret(request.headers.authorization)) return say(response, 401, 'Refused');
  say(response, 200, site.newAddress());
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(text);
}
