// A conversation as the inside of a web page, for printing.
import { AppError } from '#contract/errors.ts';
import type { ExportWords } from '#contract/transfer.ts';
import { Connection } from '../../../database/connection.ts';
import { openForWork } from '../../../database/maintenance-tasks.ts';
import { TransferRepository } from '../../../database/transfer-repository.ts';
import { htmlBody } from './html-file.ts';

/** @throws AppError not-found */
export function pageOf(database: string, id: number, words: ExportWords): string {
  using sqlite = openForWork(database);
  const outgoing = new TransferRepository(new Connection(sqlite.db)).read(id);
  if (!outgoing) throw new AppError('not-found', 'The conversation is gone');
  return htmlBody(outgoing, words);
}
