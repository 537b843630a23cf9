// A conversation as a Markdown file that reads well in any editor.
import type { OutgoingConversation } from '../../../database/transfer-repository.ts';
import { dayAndTime, shownBranch } from './shown-branch.ts';

export function markdownFile(outgoing: OutgoingConversation): string {
  const { title, createdAt } = outgoing.conversation;
  const parts = [`# ${title}`, `*${dayAndTime(createdAt)}*`];
  for (const { role, text, thought, stats } of shownBranch(outgoing)) {
    parts.push(role === 'user' ? '## You' : `## Answer${stats ? ` (${stats.modelName})` : ''}`);
    if (thought) parts.push(`> **Thoughts**\n>\n${quoted(thought)}`);
    if (text) parts.push(text);
  }
  return `${parts.join('\n\n')}\n`;
}

function quoted(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}
