// A conversation as one web page that needs nothing else: no scripts, nothing from the network, light and dark.
import type { ExportWords, FileDocument, FileMessage } from '#contract/transfer.ts';
import type { OutgoingConversation } from '../../../database/transfer-repository.ts';
import { escapeHtml, plainHtml } from './escape-html.ts';
import { STYLE } from './html-style.ts';
import { htmlOfMarkdown } from './html-text.ts';
import { attachedTo, dayAndTime, shownBranch, sizeOf } from './shown-branch.ts';

export function htmlFile(outgoing: OutgoingConversation, words: ExportWords): string {
  const { title } = outgoing.conversation;
  return `<!doctype html>
<html lang="${escapeHtml(words.language)}" dir="${words.direction}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${htmlBody(outgoing, words)}
</body>
</html>
`;
}

/** What stands in the page: title, time and messages. */
export function htmlBody(outgoing: OutgoingConversation, words: ExportWords): string {
  const { title, createdAt } = outgoing.conversation;
  const about = `${escapeHtml(dayAndTime(createdAt, words.locale))} · Lapidary`;
  const head = `<h1 dir="auto">${escapeHtml(title)}</h1>\n<p class="about">${about}</p>`;
  const messages = shownBranch(outgoing).map((message, index) =>
    message.role === 'user'
      ? questionHtml(message, attachedTo(message, outgoing), words)
      : answerHtml(message, index, words),
  );
  return [head, ...messages].join('\n');
}

function questionHtml({ text }: FileMessage, attached: readonly FileDocument[], words: ExportWords): string {
  const folds = attached.map((document) => {
    const name = `${words.attached}: ${document.name} (${sizeOf(document.text, words.locale)})`;
    const summary = `<summary dir="auto">${escapeHtml(name)}</summary>`;
    return `<details class="attached">${summary}<div dir="auto">${plainHtml(document.text)}</div></details>`;
  });
  const question = `<div class="question" dir="auto">${plainHtml(text)}</div>`;
  return [`<h2 class="who">${escapeHtml(words.question)}</h2>`, question, ...folds].join('\n');
}

function answerHtml({ text, thought, stats }: FileMessage, index: number, words: ExportWords): string {
  const inside = (markdown: string, id: string): string =>
    `<div dir="auto">${htmlOfMarkdown(markdown, id, words.backToText)}</div>`;
  const model = stats ? ` · ${escapeHtml(stats.modelName)}` : '';
  const summary = `<summary>${escapeHtml(words.thoughts)}</summary>`;
  const thoughts = thought && `<details>${summary}${inside(thought, `t${index}`)}</details>\n`;
  return `<h2 class="who">${escapeHtml(words.answer)}${model}</h2>\n${thoughts}${inside(text, `m${index}`)}`;
}
