// A conversation as one web page that needs nothing else: no scripts, nothing from the network, light and dark.
import type { FileMessage } from '#contract/transfer.ts';
import type { OutgoingConversation } from '../../../database/transfer-repository.ts';
import { escapeHtml, htmlOfMarkdown, plain } from './html-text.ts';
import { dayAndTime, shownBranch } from './shown-branch.ts';

const STYLE = `
:root { color-scheme: light dark; --paper: #faf9f7; --ink: #1b1a18; --muted: #625e57; --ground: #f3f0eb; --line: #e7e3dc; --accent: #0f6b63; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #151413; --ink: #ece9e3; --muted: #a8a297; --ground: #211f1d; --line: #2e2b28; --accent: #56b8ac; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 44rem; padding: 3rem 1.5rem 5rem; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.65 Literata, Georgia, 'Times New Roman', serif; overflow-wrap: anywhere; }
h1 { font-weight: 500; font-size: 1.75rem; line-height: 1.25; margin: 0 0 .25rem; }
.about, h2.who, summary { color: var(--muted); font: 500 .8125rem/1.5 Inter, system-ui, sans-serif; }
h2.who { margin: 2.25rem 0 .35rem; }
.question { background: var(--ground); border-radius: 10px; padding: .75rem 1rem; }
.plain { white-space: pre-wrap; margin: 0; }
a { color: var(--accent); }
pre { background: var(--ground); border-radius: 8px; padding: .8rem 1rem; overflow-x: auto; white-space: pre-wrap; }
pre, code { font: .875rem/1.55 'JetBrains Mono', ui-monospace, Consolas, monospace; }
blockquote, details > div { margin: .75rem 0; padding-inline-start: 1rem; border-inline-start: 2px solid var(--line); color: var(--muted); }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .8rem .35rem 0; text-align: start; vertical-align: top; }
@media print { body { padding: 0; max-width: none; font-size: 11pt; } h2.who { break-after: avoid; } }
`;

export function htmlFile(outgoing: OutgoingConversation): string {
  const { title } = outgoing.conversation;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${htmlBody(outgoing)}
</body>
</html>
`;
}

/** What stands in the page: title, time and messages. */
export function htmlBody(outgoing: OutgoingConversation): string {
  const { title, createdAt } = outgoing.conversation;
  const head = `<h1 dir="auto">${escapeHtml(title)}</h1>\n<p class="about">${dayAndTime(createdAt)} · Lapidary</p>`;
  return [head, ...shownBranch(outgoing).map(messageHtml)].join('\n');
}

function messageHtml({ role, text, thought, stats }: FileMessage): string {
  if (role === 'user')
    return `<h2 class="who">You</h2>\n<div class="question" dir="auto">${plain(text)}</div>`;
  const model = stats ? ` · ${escapeHtml(stats.modelName)}` : '';
  const thoughts =
    thought &&
    `<details><summary>Thoughts</summary><div dir="auto">${htmlOfMarkdown(thought)}</div></details>\n`;
  return `<h2 class="who">Answer${model}</h2>\n${thoughts}<div dir="auto">${htmlOfMarkdown(text)}</div>`;
}
