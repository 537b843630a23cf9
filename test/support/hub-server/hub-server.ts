// A server on this machine that speaks Hugging Face's protocol (facts/huggingface.md): what to ask on one origin,
// signed links to the bytes on a second one.
import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerApi, resolveFile, type Answering } from './answers.ts';
import type { FailedRequests, HubServer, RequestKind, SeenRequest } from './hub-control.ts';
import { HubRepository } from './repositories.ts';
import { sendFile } from './send-file.ts';

const DEFAULT_LINK_LIFETIME_MS = 3_600_000;

interface HubState {
  repositories: Map<string, HubRepository>;
  tokens: Record<string, string>;
  failing: FailedRequests[];
  seen: SeenRequest[];
  linkLifetimeMs: number;
  /** Links signed with an older key no longer work. */
  key: Buffer;
  filesEndpoint: string;
}

export async function startHubServer(): Promise<HubServer> {
  const state: HubState = {
    repositories: new Map(),
    tokens: {},
    failing: [],
    seen: [],
    linkLifetimeMs: DEFAULT_LINK_LIFETIME_MS,
    key: randomBytes(16),
    filesEndpoint: '',
  };
  const hub = await listen((request, response) => answerHub(state, request, response));
  const files = await listen((request, response) => answerFiles(state, request, response));
  state.filesEndpoint = files.origin;
  return {
    ...controlOf(state),
    endpoint: hub.origin,
    filesEndpoint: files.origin,
    async close() {
      await Promise.all([hub.close(), files.close()]);
    },
  };
}

function controlOf(state: HubState): Omit<HubServer, 'endpoint' | 'filesEndpoint' | 'close'> {
  const repository = (name: string): HubRepository => {
    const found = state.repositories.get(name);
    if (!found) throw new Error(`No repository ${name}`);
    return found;
  };
  return {
    addRepository: async (setup) => void state.repositories.set(setup.name, new HubRepository(setup)),
    removeFile: async (name, path) => void repository(name).files.delete(path),
    replaceFile: async (name, path, content) => repository(name).replace(path, content),
    async setFaults(name, path, faults) {
      const file = repository(name).file(path);
      // Copied: `times` counts down.
      file.faults = { ...file.faults, ...structuredClone(faults) };
    },
    failRequests: async (rule) => void state.failing.push({ ...rule }),
    setTokens: async (tokens) => void (state.tokens = tokens),
    setLinkLifetime: async (milliseconds) => void (state.linkLifetimeMs = milliseconds),
    expireLinks: async () => void (state.key = randomBytes(16)),
    async facts(name, path) {
      const { commit } = repository(name);
      const file = repository(name).file(path);
      return {
        sha256: await file.sha256(),
        sizeBytes: file.content.sizeBytes,
        etag: await file.etag(),
        commit,
      };
    },
    bytesSent: async (name, path) => repository(name).file(path).bytesSent,
    requests: async () => structuredClone(state.seen),
    async forgetRequests() {
      state.seen = [];
      for (const { files } of state.repositories.values()) {
        for (const file of files.values()) file.bytesSent = 0;
      }
    },
  };
}

async function answerHub(state: HubState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://hub');
  const seen = note(state, kindOf(url.pathname), request);
  if (failed(state, seen, response)) return;
  const answering: Answering = { ...state, url, request, response, seen, link: (path) => sign(state, path) };
  if (seen.kind === 'resolve') await resolveFile(answering);
  else await answerApi(answering);
}

function kindOf(path: string): RequestKind {
  if (path === '/api/whoami-v2') return 'whoami';
  if (path === '/api/models') return 'search';
  if (path.startsWith('/api/models/')) return 'model';
  return path.includes('/resolve/') ? 'resolve' : 'other';
}

async function answerFiles(
  state: HubState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const seen = note(state, 'cdn', request);
  if (failed(state, seen, response)) return;
  const url = new URL(request.url ?? '/', 'http://files');
  const path = decodeURIComponent(url.pathname.slice(1));
  const expires = url.searchParams.get('expires') ?? '';
  const valid = url.searchParams.get('signature') === signature(state, path, expires);
  if (!valid || Number(expires) < Date.now()) {
    seen.status = 403;
    response.writeHead(403, { 'content-type': 'text/plain' }).end('Request has expired');
    return;
  }
  const [user, name, ...rest] = path.split('/');
  const file = state.repositories.get(`${user}/${name}`)?.files.get(rest.join('/'));
  if (file) return sendFile(file, request, response, seen);
  seen.status = 404;
  response.writeHead(404).end();
}

function sign(state: HubState, path: string): string {
  const expires = String(Date.now() + state.linkLifetimeMs);
  const query = new URLSearchParams({ expires, signature: signature(state, path, expires) });
  return `${state.filesEndpoint}/${encodeURIComponent(path)}?${query}`;
}

function signature({ key }: HubState, path: string, expires: string): string {
  return createHmac('sha256', key).update(`${path} ${expires}`).digest('hex');
}

function note(state: HubState, kind: RequestKind, request: IncomingMessage): SeenRequest {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  const seen = {
    kind,
    method: request.method ?? '',
    url: request.url ?? '',
    headers,
    status: 0,
    sentBytes: 0,
  };
  state.seen.push(seen);
  return seen;
}

function failed(state: HubState, seen: SeenRequest, response: ServerResponse): boolean {
  const rule = state.failing.find(({ kind, times }) => kind === seen.kind && times > 0);
  if (!rule) return false;
  rule.times -= 1;
  seen.status = rule.status;
  response.writeHead(rule.status, rule.headers).end();
  return true;
}

interface Listening {
  origin: string;
  close(): Promise<void>;
}

async function listen(
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<Listening> {
  const server: Server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      process.stderr.write(`Fake hub: ${String(error)}\n`);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
