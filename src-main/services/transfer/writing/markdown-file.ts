// A conversation as a Markdown file that reads well in any editor.
import type { ExportWords } from '#contract/transfer.ts';
import type { OutgoingConversation } from '../../../database/transfer-repository.ts';
import { attachedTo, dayAndTime, shownBranch, sizeOf } from './shown-branch.ts';

export function markdownFile(outgoing: OutgoingConversation, words: ExportWords): string {
  const { title, createdAt } = outgoing.conversation;
  const parts = [`# ${title}`, `*${dayAndTime(createdAt, words.locale)}*`];
  for (const message of shownBranch(outgoing)) {
    const { role, text, thought, stats } = message;
    const model = stats ? ` (${stats.modelName})` : '';
    parts.push(role === 'user' ? `## ${words.question}` : `## ${words.answer}${model}`);
    if (thought) parts.push(`> **${words.thoughts}**\n>\n${quoted(thought)}`);
    if (text) parts.push(text);
    for (const { name, text: attached } of attachedTo(message, outgoing))
      parts.push(`> **${words.attached}:** ${name} (${sizeOf(attached, words.locale)})`);
  }
  return `${parts.join('\n\n')}\n`;
}

function quoted(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}
