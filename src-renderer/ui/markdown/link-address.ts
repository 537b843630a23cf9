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
