// Conversations into an app and out of it, as the window does it.
import type { ExportFormat, ImportEvent, ImportReport } from '#contract/transfer.ts';
import { GERMAN_WORDS } from './exported-words.ts';
import type { WiredApp } from './wired-app.ts';

export async function importFrom({ client }: Pick<WiredApp, 'client'>, path: string): Promise<ImportReport> {
  let last: ImportEvent | null = null;
  for await (const event of client.stream('transfer.import', { path })) last = event;
  if (last?.type !== 'imported') throw new Error('No report');
  return last.report;
}

interface Wish {
  format: ExportFormat;
  folder: string;
  /** All of them without. */
  ids?: number[] | null;
}

/** Returns the path of what was written. */
export async function exportTo({ client }: Pick<WiredApp, 'client'>, wish: Wish): Promise<string> {
  const asked = { ids: null, words: GERMAN_WORDS, ...wish };
  for await (const event of client.stream('transfer.export', asked))
    if (event.type === 'exported') return event.path;
  throw new Error('Not exported');
}
