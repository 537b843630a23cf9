// Markdown as HTML for a file that any browser may open: what was written as HTML shows as text, nothing is loaded
// from anywhere, and links lead only to web and mail addresses.
import { Marked, type Tokens } from 'marked';

/** Longer texts, and those that are too deep for the reader, appear as they were written. */
const LONGEST = 200_000;
const LINK = /^(?:https?|mailto):/iu;

const marked = new Marked({
  gfm: true,
  async: false,
  // None of these: what looks like HTML is text.
  tokenizer: { html: () => undefined, tag: () => undefined },
  renderer: {
    html: ({ text }: Tokens.HTML | Tokens.Tag) => escapeHtml(text),
    link({ href, tokens }: Tokens.Link) {
      const words = this.parser.parseInline(tokens);
      return LINK.test(href) ? `<a href="${escapeHtml(href)}" rel="noopener noreferrer">${words}</a>` : words;
    },
    image: ({ href, text }: Tokens.Image) =>
      LINK.test(href)
        ? `<a href="${escapeHtml(href)}" rel="noopener noreferrer">${escapeHtml(text || href)}</a>`
        : escapeHtml(text),
  },
});

export function htmlOfMarkdown(text: string): string {
  if (text.length > LONGEST) return plain(text);
  try {
    return marked.parse(text) as string;
  } catch {
    return plain(text);
  }
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** As it was written, with its lines. */
export function plain(text: string): string {
  return `<p class="plain">${escapeHtml(text)}</p>`;
}
