// The page's own address. Everything that is allowed to our page and to nothing else asks here.

export const PAGE_SCHEME = 'app';
const PAGE_HOST = 'lapidary';
export const PAGE_ORIGIN = `${PAGE_SCHEME}://${PAGE_HOST}`;
export const PAGE_URL = `${PAGE_ORIGIN}/index.html`;

/** Whether this is an address of our page or of one of its files. */
export function isOwnAddress(address: string): boolean {
  const url = URL.parse(address);
  // Not by `origin`: for a scheme of our own the WHATWG parser of Node says "null".
  return url?.protocol === `${PAGE_SCHEME}:` && url.host === PAGE_HOST;
}

/** Whether this is the page itself, whatever stands behind the number sign. */
export function isPage(address: string): boolean {
  return address.split('#', 1)[0] === PAGE_URL;
}
