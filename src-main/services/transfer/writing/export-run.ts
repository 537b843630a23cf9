// One export from the database to its files: a conversation at a time, under another name until all of it is there.
// Runs in the thread of its own, where waiting for the disk keeps nobody.
import { setImmediate as breathe } from 'node:timers/promises';
import { AppError } from '#contract/errors.ts';
import type { Preset } from '#contract/presets.ts';
import type { ConversationExportEvent, ExportFormat, ExportWords } from '#contract/transfer.ts';
import { Connection } from '../../../database/connection.ts';
import { openForWork } from '../../../database/maintenance-tasks.ts';
import { PresetRepository } from '../../../database/preset-repository.ts';
import { TransferRepository, type OutgoingConversation } from '../../../database/transfer-repository.ts';
import { BUILT_IN_PRESETS } from '../../presets/built-in-presets.ts';
import { fileNameOf } from './file-names.ts';
import { markdownFile } from './markdown-file.ts';
import { FolderOutput, JsonOutput, TextOutput, type Output, type Render } from './outputs.ts';
import { removeStale, requireFolder } from './whole-file.ts';

interface ExportTask {
  ids: number[] | null;
  format: ExportFormat;
  folder: string;
  database: string;
  /** For the name of the file. */
  day: string;
  words: ExportWords;
}

const TELL_EVERY_MS = 150;
const ENDINGS = { markdown: '.md', html: '.html', json: '.json' };

/** Nothing stays when it is stopped or fails. @throws AppError not-found, and as WholeFile */
export async function* runExport(
  task: ExportTask,
  signal: AbortSignal,
): AsyncGenerator<ConversationExportEvent, void, void> {
  requireFolder(task.folder);
  removeStale(task.folder, Date.now());
  using sqlite = openForWork(task.database);
  const db = new Connection(sqlite.db);
  const repository = new TransferRepository(db);
  const ids = task.ids ?? repository.allIds();
  const only = task.ids?.length === 1 ? task.ids[0] : undefined;
  const alone = only === undefined ? null : repository.read(only);
  if (only !== undefined && !alone) throw new AppError('not-found', 'The conversation is gone');
  using output = await outputOf(task, alone, presetsOf(db, repository, ids));
  let told = 0;
  let written = 0;
  for (const [index, id] of ids.entries()) {
    const outgoing = alone ?? repository.read(id);
    if (outgoing) output.write(outgoing);
    written += outgoing ? 1 : 0;
    if (index % 8 === 0) await breathe();
    if (signal.aborted) return;
    if (performance.now() - told < TELL_EVERY_MS) continue;
    told = performance.now();
    const { doneBytes } = output;
    yield { type: 'writing', doneBytes, doneConversations: index + 1, totalConversations: ids.length };
  }
  yield { type: 'exported', path: output.finish(), conversations: written };
}

/** Those that the conversations use, in an order that is the same everywhere. */
function presetsOf(db: Connection, repository: TransferRepository, ids: readonly number[]): Preset[] {
  const used = new Set(ids.map((id) => repository.presetId(id)));
  return [...BUILT_IN_PRESETS, ...new PresetRepository(db).list()].filter(({ id }) => used.has(id));
}

async function outputOf(
  { format, folder, day, words }: ExportTask,
  alone: OutgoingConversation | null,
  presets: readonly Preset[],
): Promise<Output> {
  const { untitled, conversations } = words;
  const name = fileNameOf(alone?.conversation.title ?? `${conversations} ${day}`, untitled);
  const place = { folder, name, ending: ENDINGS[format] };
  if (format === 'json') return new JsonOutput(place, presets);
  // Formulas and colours are much code, which the other forms need not.
  const write = format === 'html' ? (await import('./html-file.ts')).htmlFile : markdownFile;
  const render: Render = (outgoing) => write(outgoing, words);
  return alone ? new TextOutput(place, render) : new FolderOutput(place, untitled, render);
}
