// Serves the built page under app://lapidary, so that it never has the powers of file:// and always has its headers.
import { protocol } from 'electron';
import { readPageFile } from '../page-file.ts';
import { pageHeaders } from '../page-policy.ts';
import { PAGE_FOLDER } from '../places.ts';
import { isOwnAddress, PAGE_SCHEME } from './page-address.ts';

/** Must run before the app is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: PAGE_SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
}

/** Answers every request for our scheme; must run after the app is ready. */
export function servePage(folder: string = PAGE_FOLDER): void {
  protocol.handle(PAGE_SCHEME, (request) => answer(folder, request));
}

async function answer(folder: string, request: Request): Promise<Response> {
  const headers = pageHeaders(null);
  const readable = request.method === 'GET' && isOwnAddress(request.url);
  const file = readable ? await readPageFile(folder, new URL(request.url).pathname) : null;
  if (!file) return new Response('Not found', { status: 404, headers });
  return new Response(file.bytes, { headers: { ...headers, ...file.headers } });
}
