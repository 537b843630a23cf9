// Understands what people paste: a page's address, a file's, hf:user/model:Q4_K_M, or just user/model.
import { AppError } from '#contract/errors.ts';
import { repositoryName, revisionName } from '#contract/downloads.ts';

export interface HubAddress {
  repository: string;
  /** 'main' where none was named. */
  revision: string;
  /** Inside the repository; a folder or a file. */
  path: string | null;
  /** As written: 'q4_k_m'. */
  quantization: string | null;
}

const HUB_HOSTS = new Set(['huggingface.co', 'www.huggingface.co', 'hf.co']);
const PAGES = new Set(['tree', 'blob', 'resolve', 'raw', 'blame']);
/** What stands in the place of a user's name and is none. */
const NOT_USERS = new Set(['datasets', 'spaces', 'docs', 'api', 'settings', 'collections', 'papers', 'blog']);

/** `endpoint` is the hub's address, whose pages are understood too. Error: hub-address. */
export function parseAddress(text: string, endpoint: string): HubAddress {
  const bad = (): AppError => new AppError('hub-address', 'Not an address of a model');
  const written = text.trim().replace(/^hf:(\/\/)?/i, '');
  const page = pathOfPage(written, endpoint);
  if (page === null) throw bad();
  const [before = '', quantization = null] = splitQuantization(page);
  const [user = '', name = '', kind, ...rest] = before.split('/');
  const repository = `${user}/${name}`;
  if (!repositoryName.safeParse(repository).success || NOT_USERS.has(user.toLowerCase())) throw bad();
  if (kind === undefined || !PAGES.has(kind))
    return { repository, revision: 'main', path: null, quantization };
  const { revision, path } = splitRevision(rest);
  if (!revisionName.safeParse(revision).success) throw bad();
  return { repository, revision, path: path === '' ? null : path, quantization };
}

/** What follows the host, decoded; null when it is the address of something else. */
function pathOfPage(written: string, endpoint: string): string | null {
  const hosts = [...HUB_HOSTS, new URL(endpoint).host];
  const bare = hosts.some((host) => written.toLowerCase().startsWith(`${host}/`));
  const full = /^https?:\/\//i.test(written) ? written : bare ? `https://${written}` : null;
  if (full === null) return /^[\w.-]+\/[\w.-]+(:[\w.-]+)?$/.test(written) ? written : null;
  if (!URL.canParse(full)) return null;
  const { host, pathname } = new URL(full);
  if (!hosts.includes(host)) return null;
  const prefix = host === new URL(endpoint).host ? new URL(endpoint).pathname.replace(/\/+$/, '') : '';
  const path = pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : pathname;
  return decode(path)?.replace(/^\/|\/+$/g, '') ?? null;
}

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null; // A percent sign that stands for nothing: no page has such an address.
  }
}

/** 'user/model:Q4_K_M' in two; a colon further on belongs to a file's name. */
function splitQuantization(page: string): string[] {
  const found = /^([^/]+\/[^/:]+):([\w.-]+)$/.exec(page);
  return found ? [found[1] ?? '', found[2] ?? ''] : [page];
}

/** Names of pull requests have slashes: refs/pr/3. */
function splitRevision(parts: string[]): { revision: string; path: string } {
  const count = parts[0] === 'refs' && parts.length >= 3 ? 3 : 1;
  return { revision: parts.slice(0, count).join('/') || 'main', path: parts.slice(count).join('/') };
}
