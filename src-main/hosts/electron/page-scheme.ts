// The page's own scheme, so that neither file:// nor a port is needed. Serves the built page and nothing else.
import { protocol, type CustomScheme } from 'electron';
import { readPageFile } from '../page-file.ts';
import { pageHeaders } from '../page-policy.ts';
import { PAGE_FOLDER } from '../places.ts';

const SCHEME: CustomScheme = {
  scheme: 'app',
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
};

export const PAGE_ADDRESS = 'app://lapidary/';

/** Must run before the app is ready. */
export function declarePageScheme(): void {
  protocol.registerSchemesAsPrivileged([SCHEME]);
}

/** Whether an address belongs to our own page. Not by `origin`: Node's parser has none for a scheme of our own. */
export function isPageAddress(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === 'app:' && url.host === 'lapidary';
}

/** Whether an address is the page itself, not one of its files: all that a window may navigate to. */
export function isPage(address: string): boolean {
  return isPageAddress(address) && ['/', '/index.html'].includes(new URL(address).pathname);
}

/** Answers every request of the scheme, with the same policy as browser mode. Must run after the app is ready. */
export function servePage(folder: string = PAGE_FOLDER): void {
  protocol.handle('app', async (request) => {
    const { pathname } = new URL(request.url);
    const headers = pageHeaders(null, pathname);
    const readable = request.method === 'GET' && isPageAddress(request.url);
    const file = readable ? await readPageFile(folder, pathname) : null;
    if (!file) return new Response('Not found', { status: 404, headers });
    return new Response(file.bytes, { headers: { ...headers, ...file.headers } });
  });
}
