// Text inside HTML, without what a person could not see: escape sequences, control characters, signs that reorder what
// stands after them, and words in tag characters.

// Escape sequences go whole; one that never ends takes at most 500 units of its line with it.
const ESCAPES =
  // oxlint-disable-next-line no-control-regex -- they are what this is about
  /(?:\u001b\[|\u009b)[0-9;:?<=>]*[ -/]*[@-~]|(?:\u001b\]|\u009d)[^\u0000-\u001f\u007f-\u009f]{0,500}(?:\u0007|\u001b\\|\u009c|(?=\n)|$)|\u001b[@-Z\\-_]/gu;
// Tag characters carry words that nobody sees; the flags of England, Scotland and Wales are their only use.
const UNSEEN =
  // oxlint-disable-next-line no-control-regex -- as above
  /\u{1f3f4}\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f}|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

export function withoutUnseen(text: string): string {
  return text
    .replaceAll(ESCAPES, '')
    .replaceAll(UNSEEN, (found) => (found.startsWith('\u{1f3f4}') ? found : ''));
}

export function escapeHtml(text: string): string {
  return withoutUnseen(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** As it was written, with its lines. */
export function plainHtml(text: string): string {
  return `<p class="plain">${escapeHtml(text)}</p>`;
}
