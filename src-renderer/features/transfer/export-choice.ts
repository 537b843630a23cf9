// The forms in which conversations leave, as the dialog offers them.
import type { ExportFormat } from '#contract/transfer.ts';

export type ExportChoice = ExportFormat | 'print';

export const EXPORT_CHOICES: readonly ExportChoice[] = ['markdown', 'html', 'json', 'print'];
