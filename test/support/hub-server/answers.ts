// What the fake Hugging Face says: who may see a repository, what is in it, and where a file's bytes are.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SeenRequest } from './hub-control.ts';
import type { HubFile, HubRepository } from './repositories.ts';
import { sendFile } from './send-file.ts';

export interface Answering {
  repositories: Map<string, HubRepository>;
  tokens: Record<string, string>;
  url: URL;
  request: IncomingMessage;
  response: ServerResponse;
  seen: SeenRequest;
  /** A signed link to the second origin. */
  link: (path: string) => string;
}

export async function answerApi(answering: Answering): Promise<void> {
  const { url, seen, tokens } = answering;
  if (seen.kind === 'whoami') {
    const name = tokens[tokenOf(answering)];
    if (name === undefined) refuse(answering, 401, null, 'Invalid credentials in Authorization header');
    else json(answering, { name, type: 'user' });
  } else if (seen.kind === 'search') {
    json(answering, search(answering));
  } else {
    const [, name, revision] =
      /^\/api\/models\/([^/]+\/[^/]+)(?:\/revision\/(.+))?$/.exec(url.pathname) ?? [];
    const repository = visibleRepository(answering, name ?? '');
    if (!repository) return;
    if (!repository.knowsRevision(decodeURIComponent(revision ?? 'main'))) {
      refuse(answering, 404, 'RevisionNotFound', 'Invalid rev id');
    } else json(answering, await repository.describe());
  }
}

function search({ repositories, url }: Answering): object[] {
  const words = (url.searchParams.get('search') ?? '').toLowerCase();
  const limit = Number(url.searchParams.get('limit') ?? 10);
  const found = [...repositories.values()].filter(
    ({ setup }) => setup.name.toLowerCase().includes(words) && !setup.privateTo,
  );
  found.sort((a, b) => (b.setup.downloads ?? 0) - (a.setup.downloads ?? 0));
  return found.slice(0, limit).map((repository) => repository.summary());
}

/** GET and HEAD of /{repo}/resolve/{revision}/{path}. */
export async function resolveFile(answering: Answering): Promise<void> {
  const { request, response, seen, url } = answering;
  const path = decodeURIComponent(url.pathname);
  const [, name = '', revision = '', filePath = ''] =
    /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(path) ?? [];
  const repository = visibleRepository(answering, name);
  if (!repository || !mayFetch(answering, repository)) return;
  if (!repository.knowsRevision(revision))
    return refuse(answering, 404, 'RevisionNotFound', 'Invalid rev id');
  const file = repository.files.get(filePath);
  if (!file) return refuse(answering, 404, 'EntryNotFound', 'Entry not found');
  response.setHeader('x-repo-commit', revision === 'main' ? repository.commit : revision);
  if (!file.lfs) return sendFile(file, request, response, seen);
  await redirect(answering, file, `${name}/${filePath}`);
}

async function redirect({ response, seen, link }: Answering, file: HubFile, path: string): Promise<void> {
  seen.status = 302;
  response.writeHead(302, {
    location: link(path),
    'x-linked-etag': `"${await file.etag()}"`,
    'x-linked-size': file.content.sizeBytes,
    'accept-ranges': 'bytes',
    'content-length': 0,
  });
  response.end();
}

/** Like the real one: what may not be seen and what is not there get the same answer, and without a token 401. */
function visibleRepository(answering: Answering, name: string): HubRepository | null {
  const repository = answering.repositories.get(name);
  const token = tokenOf(answering);
  const { privateTo } = repository?.setup ?? {};
  if (repository && (!privateTo || privateTo.includes(token))) return repository;
  const status = token === '' ? 401 : 404;
  refuse(answering, status, 'RepoNotFound', status === 401 ? 'Invalid username or password.' : 'Not found');
  return null;
}

function mayFetch(answering: Answering, { setup }: HubRepository): boolean {
  const token = tokenOf(answering);
  if (!setup.gated || setup.accepted?.includes(token)) return true;
  const status = token in answering.tokens ? 403 : 401;
  refuse(answering, status, 'GatedRepo', `Access to model ${setup.name} is restricted.`);
  return false;
}

function tokenOf({ request }: Answering): string {
  return /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

function refuse({ response, seen }: Answering, status: number, code: string | null, message: string): void {
  seen.status = status;
  const headers = { ...(code && { 'x-error-code': code }), 'x-error-message': message };
  response.writeHead(status, { ...headers, 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: message }));
}

function json({ response, seen }: Answering, value: object): void {
  seen.status = 200;
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
