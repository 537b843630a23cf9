// The words that a page gives the Markdown renderer.
import type { MarkdownLabels } from '../../src-renderer/ui/markdown/markdown-renderer.ts';

export const LABELS: MarkdownLabels = {
  code: 'Code',
  table: 'Table',
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'Failed',
  draw: 'Draw',
  diagram: 'Diagram',
  notDrawn: 'Not drawn',
  done: 'Done',
  open: 'To do',
  moreRows: (count) => `${count} more`,
  moreBlocks: 'More',
  wrap: 'Wrap',
  allLines: (count) => `All ${count} lines`,
  fewerLines: 'Fewer lines',
  noteBack: 'Back',
  foldsCode: true,
};
