// One import from its path to its report. Runs in the thread of its own.
import { Connection } from '../../database/connection.ts';
import { openForWork } from '../../database/maintenance-tasks.ts';
import { WriteGate } from '../../database/write-gate.ts';
import { AppError } from '#contract/errors.ts';
import type { FilePart, ImportEvent, ImportReport, SkipReason } from '#contract/transfer.ts';
import { findSources, type Source } from './reading/find-sources.ts';
import { readSource, type Read } from './reading/read-source.ts';
import { IncomingWriter, type WrittenOne } from './write-incoming.ts';

const TELL_EVERY_MS = 150;
/** Skipped conversations that the report names. */
const NAMED_SKIPS = 500;

interface ImportTask {
  path: string;
  database: string;
  gate: SharedArrayBuffer;
  /** Ends it with its report. */
  stop: AbortSignal;
  now: () => number;
}

/** @throws AppError import-file-missing, import-unreadable, import-newer, disk-full */
export async function* runImport(task: ImportTask): AsyncGenerator<ImportEvent, void, void> {
  await using sources = await findSources(task.path);
  using sqlite = openForWork(task.database);
  const totalBytes = sources.list.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const run = new ImportRun(
    new IncomingWriter(new Connection(sqlite.db), new WriteGate(task.gate)),
    totalBytes,
  );
  for (const source of sources.list) {
    for await (const read of readSource(source, task.now())) {
      await run.take(read, source, sources.single);
      if (task.stop.aborted) break;
      const told = run.progress();
      if (told) yield told;
    }
    if (task.stop.aborted) break;
    run.sourceDone(source);
  }
  const report = run.finish(task.stop.aborted);
  const nothing = report.imported + report.completed + report.alreadyHere === 0 && !report.stopped;
  if (nothing && run.recognisedNothing) throw new AppError('import-unreadable', 'No app writes such a file');
  yield { type: 'imported', report };
}

type NextRead = Exclude<Read, { kind: 'bytes' | 'part' }>;

interface At {
  source: Source;
  single: boolean;
  /** What came before does not go on, and was told of. */
  lost: boolean;
}

class ImportRun {
  readonly #writer: IncomingWriter;
  readonly #totalBytes: number;
  readonly #report: ImportReport = {
    apps: [],
    imported: 0,
    completed: 0,
    alreadyHere: 0,
    skipped: 0,
    skippedOnes: [],
    stopped: false,
  };
  #doneBytes = 0;
  #sourceBytes = 0;
  #toldAt = 0;
  /** Of a conversation that was told of as skipped, and may have more parts. */
  #lostKey: string | null = null;
  /** Everything so far was unknown. */
  recognisedNothing = true;

  constructor(writer: IncomingWriter, totalBytes: number) {
    this.#writer = writer;
    this.#totalBytes = totalBytes;
  }

  async take(read: Read, source: Source, single: boolean): Promise<void> {
    if (read.kind === 'bytes') this.#sourceBytes = read.doneBytes;
    else if (read.kind === 'part') await this.#goOn(read.part, source);
    else {
      const lost = this.#loseOpen(source, read.kind === 'skipped' ? read.reason : 'damaged');
      await this.#takeNext(read, { source, single, lost });
    }
  }

  async #takeNext(read: NextRead, { source, single, lost }: At): Promise<void> {
    if (read.kind === 'head') {
      this.recognisedNothing = false;
      this.#writer.takePresets(read.head);
    } else if (read.kind === 'skipped') {
      const stray = read.reason === 'unknown' && !single;
      // A part has no title: it is what the lost one lacks.
      if (!stray && !(lost && read.title === '')) this.#skip(read.title, source, read.reason);
    } else {
      this.recognisedNothing = false;
      if (!this.#report.apps.includes(read.app)) this.#report.apps.push(read.app);
      this.#count(await this.#writer.write(read.conversation), source);
    }
  }

  async #goOn(part: FilePart, source: Source): Promise<void> {
    const refused = this.#writer.refuses(part);
    if (!refused) return this.#count(await this.#writer.goOn(part), source);
    this.#loseOpen(source, refused);
    // Of one that is lost nobody needs to hear again.
    if (this.#lostKey !== part.goesOn) this.#skip('', source, refused);
    this.#lostKey = part.goesOn;
  }

  /** What was begun does not go on. True when there was such a one. */
  #loseOpen(source: Source, reason: SkipReason): boolean {
    const lost = this.#writer.giveUpOpen();
    if (!lost) return false;
    this.#lostKey = lost.key;
    this.#skip(lost.title, source, reason);
    return true;
  }

  sourceDone(source: Source): void {
    this.#loseOpen(source, 'cut-off');
    this.#doneBytes += source.sizeBytes;
    this.#sourceBytes = 0;
  }

  /** Null while the last word is fresh. */
  progress(): ImportEvent | null {
    const now = performance.now();
    if (now - this.#toldAt < TELL_EVERY_MS) return null;
    this.#toldAt = now;
    const doneBytes = Math.min(this.#totalBytes, this.#doneBytes + this.#sourceBytes);
    const { imported, completed, skipped } = this.#report;
    return {
      type: 'reading',
      doneBytes,
      totalBytes: this.#totalBytes,
      imported: imported + completed,
      skipped,
    };
  }

  finish(stopped: boolean): ImportReport {
    if (!stopped) this.#writer.giveUpUnfinished();
    return { ...this.#report, stopped };
  }

  #count(one: WrittenOne | null, source: Source): void {
    if (one === null) return; // More of it follows.
    if (one.written === 'imported') this.#report.imported += 1;
    else if (one.written === 'completed') this.#report.completed += 1;
    else if (one.written === 'here') this.#report.alreadyHere += 1;
    else this.#skip(one.title, source, one.written);
  }

  #skip(title: string, source: Source, reason: SkipReason): void {
    this.#report.skipped += 1;
    if (reason !== 'unknown' && reason !== 'damaged' && reason !== 'cut-off') this.recognisedNothing = false;
    if (this.#report.skippedOnes.length < NAMED_SKIPS)
      this.#report.skippedOnes.push({ title, file: source.name, reason });
  }
}
