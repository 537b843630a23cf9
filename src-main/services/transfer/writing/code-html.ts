// Code with its colours, as classes that the page's own style gives a colour.
import hljs from 'highlight.js/lib/common';
import latex from 'highlight.js/lib/languages/latex';
import powershell from 'highlight.js/lib/languages/powershell';
import { escapeHtml } from './escape-html.ts';

hljs.registerLanguage('latex', latex);
hljs.registerLanguage('powershell', powershell);

/** Longer code stays plain, as in the window. */
const COLOUR_LIMIT = 50_000;

/** `label` is what stands behind the fence. */
export function codeHtml(code: string, label: string): string {
  const [name = ''] = label.split(/[\s{]/u);
  const caption = name && `<figcaption>${escapeHtml(name)}</figcaption>`;
  return `<figure class="code" dir="ltr">${caption}<pre><code>${coloured(code, name)}</code></pre></figure>\n`;
}

function coloured(code: string, language: string): string {
  if (code.length > COLOUR_LIMIT || !hljs.getLanguage(language)) return escapeHtml(code);
  return hljs.highlight(code, { language, ignoreIllegals: true }).value;
}
