// Which addresses may be offered for opening, and in which spelling a person sees them.

/** The full address with its host in ASCII (punycode), or null for anything but http, https and mailto. */
export function linkAddress(href: string): string | null {
  try {
    const url = new URL(href);
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : null;
  } catch {
    // Relative or broken: there is nothing it could lead to.
    return null;
  }
}

/** An address cut so that its host can be made to stand out; one of mail has none. */
interface AddressParts {
  before: string;
  host: string;
  after: string;
}

/** `address` comes from `linkAddress`. A name and password before the host may look like another host. */
export function addressParts(address: string): AddressParts {
  const { protocol, username, password, host, pathname, search, hash } = new URL(address);
  if (host === '') return { before: address, host, after: '' };
  const name = username + (password && `:${password}`);
  return { before: `${protocol}//${name && `${name}@`}`, host, after: pathname + search + hash };
}
