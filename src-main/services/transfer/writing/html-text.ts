// Markdown as HTML for a file that any browser may open: what was written as HTML shows as text, nothing is loaded
// from anywhere, and links lead only to web and mail addresses, or to a footnote of the same message.
import { Marked, type TokenizerAndRendererExtension, type Tokens } from 'marked';
import { codeHtml } from './code-html.ts';
import { escapeHtml, plainHtml, withoutUnseen } from './escape-html.ts';
import { formulas } from './formula-html.ts';

/** Longer texts, and those that are too deep for the reader, appear as they were written. */
const LONGEST = 200_000;
const LINK = /^(?:https?|mailto):/iu;
/** The page's title and who speaks come first. */
const HEADINGS_FROM = 2;

interface Place {
  /** Part of every id in this message. */
  id: string;
  /** Labels of the footnotes that are there. */
  notes: Set<string>;
  /** Names the way back from a footnote. */
  backToText: string;
}
/** Of the message that is being read: marked works at once, and its renderers take nothing from outside. */
let place: Place = { id: '', notes: new Set(), backToText: '' };

const NOTE = /^ {0,3}\[\^([\w-]{1,30})\]:[ \t]*([^\n]*(?:\n(?! {0,3}\[\^)[^\n]*\S[^\n]*)*)(?:\n+|$)/;

const footnote: TokenizerAndRendererExtension = {
  name: 'footnote',
  level: 'block',
  start: (source) => /(?:^|\n) {0,3}\[\^[\w-]{1,30}\]:/.exec(source)?.index,
  tokenizer(source) {
    const match = NOTE.exec(source);
    if (!match) return undefined;
    const label = match[1] ?? '';
    const words = (match[2] ?? '').replaceAll(/\n */g, '\n');
    return { type: 'footnote', raw: match[0], label, tokens: this.lexer.inlineTokens(words) };
  },
  renderer(token) {
    const label = escapeHtml(String(token['label']));
    const words = this.parser.parseInline(token.tokens ?? []);
    const back = `<a href="#from-${place.id}-${label}" title="${escapeHtml(place.backToText)}">↩</a>`;
    return `<p class="note" id="note-${place.id}-${label}"><sup>${label}</sup> ${words} ${back}</p>\n`;
  },
};

const reference: TokenizerAndRendererExtension = {
  name: 'reference',
  level: 'inline',
  start: (source) => /\[\^/.exec(source)?.index,
  tokenizer(source) {
    const match = /^\[\^([\w-]{1,30})\]/.exec(source);
    if (!match || !place.notes.has(match[1] ?? '')) return undefined;
    return { type: 'reference', raw: match[0], label: match[1] };
  },
  renderer(token) {
    const label = escapeHtml(String(token['label']));
    return `<sup><a id="from-${place.id}-${label}" href="#note-${place.id}-${label}">${label}</a></sup>`;
  },
};

const marked = new Marked({
  gfm: true,
  async: false,
  extensions: [...formulas, footnote, reference],
  // None of these: what looks like HTML is text.
  tokenizer: { html: () => undefined, tag: () => undefined },
  renderer: {
    html: ({ text }: Tokens.HTML | Tokens.Tag) => escapeHtml(text),
    code: ({ text, lang }: Tokens.Code) => codeHtml(text, lang ?? ''),
    heading({ tokens, depth }: Tokens.Heading) {
      const level = Math.min(6, depth + HEADINGS_FROM);
      return `<h${level} dir="auto">${this.parser.parseInline(tokens)}</h${level}>\n`;
    },
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

/** `id` is one of a kind in the page. */
export function htmlOfMarkdown(text: string, id: string, backToText: string): string {
  if (text.length > LONGEST) return plainHtml(text);
  const notes = [...text.matchAll(/^ {0,3}\[\^([\w-]{1,30})\]:/gmu)].map(([, label]) => label ?? '');
  place = { id, notes: new Set(notes), backToText };
  try {
    return marked.parse(withoutUnseen(text)) as string;
  } catch {
    return plainHtml(text);
  }
}
