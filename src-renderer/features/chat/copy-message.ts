// The text of a message for other programs: as it was written, as plain text without its marks, or with its
// formatting. The last two are what the eye saw; none holds control characters.
import type { Tokens } from 'marked';
import { copyText } from '../../ui/markdown/copy-text.ts';
import { visibleText, withoutControls } from '../../ui/markdown/visible-text.ts';

/** Longer texts are copied as they were written: nobody waits for their formatting. */
const LONGEST = 200_000;
const LINK = /^(?:https?|mailto):/iu;
const BLOCKS = 'p, h1, h2, h3, h4, h5, h6, pre, blockquote, hr, table, :not(li) > ul, :not(li) > ol';
/** White space between what these hold means nothing. */
const HOLDERS = 'ul, ol, li, table, thead, tbody, tr, blockquote';

/** Markdown as it was written. True when it is on the clipboard. */
export async function copyWritten(markdown: string): Promise<boolean> {
  return await copyText(withoutControls(markdown));
}

/** True when it is on the clipboard. */
export async function copyPlain(written: string): Promise<boolean> {
  const markdown = visibleText(written);
  return await copyText(markdown.length > LONGEST ? markdown : plainText(await toFragment(markdown)));
}

/** With its formatting, and as plain text for programs that know none. True when it is on the clipboard. */
export async function copyRich(written: string): Promise<boolean> {
  const markdown = visibleText(written);
  if (markdown.length > LONGEST) return await copyText(markdown);
  const fragment = await toFragment(markdown);
  const holder = document.createElement('div');
  holder.append(fragment.cloneNode(true));
  const forms = { 'text/html': holder.innerHTML, 'text/plain': plainText(fragment) };
  try {
    const items = Object.entries(forms).map(([type, text]) => [type, new Blob([text], { type })]);
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(items) as Record<string, Blob>)]);
    return true;
  } catch {
    // Refused or absent: the old way works in a click.
    return copyByEvent(forms);
  }
}

function copyByEvent(forms: Record<string, string>): boolean {
  const fill = (event: ClipboardEvent): void => {
    for (const [type, text] of Object.entries(forms)) event.clipboardData?.setData(type, text);
    event.preventDefault();
  };
  document.addEventListener('copy', fill, { once: true });
  const copied = document.execCommand('copy');
  document.removeEventListener('copy', fill);
  return copied;
}

/** Inert: what looks like HTML is text here too, images are their words, and links lead to web and mail addresses. */
async function toFragment(markdown: string): Promise<DocumentFragment> {
  const { Marked } = await import('marked');
  const marked = new Marked({
    async: false,
    tokenizer: { html: () => undefined, tag: () => undefined },
    walkTokens(token) {
      if (token.type === 'link' && !LINK.test((token as Tokens.Link).href))
        Object.assign(token, { href: '' });
    },
    renderer: { image: ({ text }) => escaped(text) },
  });
  const template = document.createElement('template');
  template.innerHTML = marked.parse(markdown) as string;
  return template.content;
}

function escaped(text: string): string {
  const holder = document.createElement('div');
  holder.textContent = text;
  return holder.innerHTML;
}

/** As one would type it: paragraphs apart, list items on lines of their own, cells between tabs. */
function plainText(fragment: DocumentFragment): string {
  const between = [...fragment.querySelectorAll(HOLDERS)].flatMap((holder) => [...holder.childNodes]);
  for (const node of between)
    if (node.nodeType === Node.TEXT_NODE && node.textContent?.trim() === '') node.remove();
  for (const item of fragment.querySelectorAll('li')) item.prepend(bulletOf(item));
  for (const cell of fragment.querySelectorAll('td + td, th + th')) cell.prepend('\t');
  for (const line of fragment.querySelectorAll('br')) line.replaceWith('\n');
  for (const list of fragment.querySelectorAll('li > ul, li > ol')) list.before('\n');
  for (const block of fragment.querySelectorAll('li, tr')) block.after('\n');
  for (const block of fragment.querySelectorAll(BLOCKS)) block.after('\n\n');
  const text = (fragment.textContent ?? '').replaceAll(/[ \t]+$/gmu, '');
  return text.replaceAll(/\n{3,}/gu, '\n\n').trim();
}

function bulletOf(item: Element): string {
  const list = item.parentElement;
  if (list?.tagName !== 'OL') return '• ';
  const first = Number(list.getAttribute('start') ?? 1);
  return `${first + [...list.children].indexOf(item)}. `;
}
