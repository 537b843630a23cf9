// A summary as Markdown, for the clipboard and for files.
import type { SummaryLine } from '#contract/summaries.ts';

export function summaryMarkdown(lines: readonly SummaryLine[]): string {
  let text = '';
  let before: SummaryLine | null = null;
  for (const line of lines) {
    if (before) text += breakBetween(before, line);
    text += marked(line);
    before = line;
  }
  return text;
}

function breakBetween(before: SummaryLine, line: SummaryLine): string {
  if (before.kind === 'item' && line.kind === 'item') return '\n';
  return before.kind === 'sentence' && line.kind === 'sentence' && !line.begins ? ' ' : '\n\n';
}

function marked({ kind, level, text }: SummaryLine): string {
  if (kind === 'heading') return `${'#'.repeat(Math.min(6, level + 1))} ${text}`;
  return kind === 'item' ? `${'  '.repeat(Math.max(0, level - 1))}- ${text}` : text;
}
