// Text inside HTML, without what a person could not see: control characters, and signs that reorder what stands after
// them.

// oxlint-disable-next-line no-control-regex -- they are what this is about
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]/gu;

export function withoutUnseen(text: string): string {
  return text.replaceAll(UNSEEN, '');
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
