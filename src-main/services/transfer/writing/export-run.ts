// One export from the database to its files: a conversation at a time, under another name until all of it is there.
// Runs in the thread of its own, where waiting for the disk keeps nobody.
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { AppError } from '#contract/errors.ts';
import type { Preset } from '#contract/presets.ts';
import type { ConversationExportEvent, ExportFormat } from '#contract/transfer.ts';
import { Connection } from '../../../database/connection.ts';
import { openForWork } from '../../../database/maintenance-tasks.ts';
import { PresetRepository } from '../../../database/preset-repository.ts';
import { TransferRepository, type OutgoingConversation } from '../../../database/transfer-repository.ts';
import { BUILT_IN_PRESETS } from '../../presets/built-in-presets.ts';
import { fileNameOf, freePath } from './file-names.ts';
import { htmlFile } from './html-file.ts';
import { JSON_END, jsonConversation, jsonHead } from './json-file.ts';
import { markdownFile } from './markdown-file.ts';

interface ExportTask {
  ids: number[] | null;
  format: ExportFormat;
  folder: string;
  database: string;
  /** For the name of the file. */
  day: string;
}

const TELL_EVERY_MS = 150;
const ENDINGS = { markdown: '.md', html: '.html', json: '.json' };

/** Nothing stays when it is stopped or fails. @throws AppError folder-missing, not-found, disk-full */
export async function* runExport(
  task: ExportTask,
  signal: AbortSignal,
): AsyncGenerator<ConversationExportEvent, void, void> {
  requireFolder(task.folder);
  using sqlite = openForWork(task.database);
  const db = new Connection(sqlite.db);
  const repository = new TransferRepository(db);
  const ids = task.ids ?? repository.allIds();
  const only = task.ids?.length === 1 ? task.ids[0] : undefined;
  const alone = only === undefined ? null : repository.read(only);
  if (only !== undefined && !alone) throw new AppError('not-found', 'The conversation is gone');
  using output = outputOf(task, alone, presetsOf(db, repository, ids));
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

function requireFolder(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found?.isDirectory()) throw new AppError('folder-missing', 'The folder is not there');
}

interface Output extends Disposable {
  readonly doneBytes: number;
  write(outgoing: OutgoingConversation): void;
  /** All of it is there now; returns where. */
  finish(): string;
}

function outputOf(
  { format, folder, day }: ExportTask,
  alone: OutgoingConversation | null,
  presets: readonly Preset[],
): Output {
  const name = alone ? fileNameOf(alone.conversation.title) : `Lapidary conversations ${day}`;
  if (format === 'json') return new JsonOutput(freePath(folder, name, ENDINGS.json), presets);
  const render = format === 'html' ? htmlFile : markdownFile;
  if (alone) return new TextOutput(freePath(folder, name, ENDINGS[format]), render);
  return new FolderOutput(freePath(folder, name, ''), ENDINGS[format], render);
}

/** A file that appears under its name when it is whole. */
class WholeFile implements Disposable {
  doneBytes = 0;
  readonly #path: string;
  readonly #partial: string;
  #descriptor: number | null;

  constructor(path: string) {
    this.#path = path;
    this.#partial = `${path}.partial`;
    this.#descriptor = openSync(this.#partial, 'w');
  }

  append(text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    for (let at = 0; at < bytes.length;) at += writeSync(this.#descriptor ?? -1, bytes, at);
    this.doneBytes += bytes.length;
  }

  finish(): string {
    if (this.#descriptor !== null) {
      fsyncSync(this.#descriptor);
      this.#close();
    }
    const free = freePath(
      join(this.#path, '..'),
      basename(this.#path, extname(this.#path)),
      extname(this.#path),
    );
    renameSync(this.#partial, free);
    return free;
  }

  [Symbol.dispose](): void {
    this.#close();
    rmSync(this.#partial, { force: true });
  }

  #close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}

class JsonOutput implements Output {
  readonly #file: WholeFile;
  readonly #presets: readonly Preset[];
  #first = true;

  constructor(path: string, presets: readonly Preset[]) {
    this.#file = new WholeFile(path);
    this.#presets = presets;
    this.#file.append(jsonHead(presets));
  }

  get doneBytes(): number {
    return this.#file.doneBytes;
  }

  write(outgoing: OutgoingConversation): void {
    this.#file.append((this.#first ? '' : ',\n') + jsonConversation(outgoing, this.#presets));
    this.#first = false;
  }

  finish(): string {
    this.#file.append(JSON_END);
    return this.#file.finish();
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

class TextOutput implements Output {
  readonly #file: WholeFile;
  readonly #render: (outgoing: OutgoingConversation) => string;

  constructor(path: string, render: (outgoing: OutgoingConversation) => string) {
    this.#file = new WholeFile(path);
    this.#render = render;
  }

  get doneBytes(): number {
    return this.#file.doneBytes;
  }

  write(outgoing: OutgoingConversation): void {
    this.#file.append(this.#render(outgoing));
  }

  finish(): string {
    return this.#file.finish();
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

/** A file for each conversation, in a folder of their own. */
class FolderOutput implements Output {
  doneBytes = 0;
  readonly #path: string;
  readonly #partial: string;
  readonly #ending: string;
  readonly #render: (outgoing: OutgoingConversation) => string;

  constructor(path: string, ending: string, render: (outgoing: OutgoingConversation) => string) {
    this.#path = path;
    this.#partial = `${path}.partial`;
    this.#ending = ending;
    this.#render = render;
    mkdirSync(this.#partial, { recursive: true });
  }

  write(outgoing: OutgoingConversation): void {
    const name = fileNameOf(outgoing.conversation.title);
    using file = new WholeFile(freePath(this.#partial, name, this.#ending));
    file.append(this.#render(outgoing));
    file.finish();
    this.doneBytes += file.doneBytes;
  }

  finish(): string {
    renameSync(this.#partial, this.#path);
    return this.#path;
  }

  [Symbol.dispose](): void {
    rmSync(this.#partial, { recursive: true, force: true });
  }
}
