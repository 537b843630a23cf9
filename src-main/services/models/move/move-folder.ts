// Moves the models folder, possibly to another disk. Both folders are whole until everything in the new one was
// verified and the app uses it; only then the old files go. Goes on after a stop, a kill or a power cut.
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#contract/errors.ts';
import type { MoveEvent } from '#contract/models.ts';
import type { Log } from '../../../lib/log.ts';
import { mapSteps } from '../../../lib/steps.ts';
import { asCopyError, requireSpace } from '../copy-files.ts';
import type { FolderUse } from '../folder-use.ts';
import { listFiles, removeEmptyFolders, type ListedFile } from './list-files.ts';
import { MoveJournal, type MovedFile } from './move-journal.ts';
import { MoveNote } from './move-note.ts';
import { prepareTarget } from './move-target.ts';
import { transferFile } from './transfer-file.ts';

/** Files that change while they are copied are copied again, this often. */
const MOST_ROUNDS = 5;

/** A file in its old and its new place; `modifiedAt` is that of the old one. */
export interface Relocation {
  from: string;
  to: string;
  modifiedAt: number;
}

export interface FolderMoveOptions {
  /** Where the note about a move lies. */
  dataFolder: string;
  /** The present models folder: its real path, which need not exist. */
  source(): Promise<string>;
  folderUse: FolderUse;
  /** Makes the app use the new folder, before the old files go; done again after a kill. Durable when it resolves. */
  switchTo(folder: string, files: Relocation[]): Promise<void>;
  log: Log;
}

export class FolderMove {
  readonly #options: FolderMoveOptions;
  readonly #note: MoveNote;

  constructor(options: FolderMoveOptions) {
    this.#options = options;
    this.#note = new MoveNote(options.dataFolder);
  }

  /** The folder of a move that was begun and neither finished nor given up; null when there is none. */
  async unfinished(): Promise<string | null> {
    const target = await this.#note.read();
    if (target === null || (await this.#isPresent(target))) return null;
    return (await MoveJournal.read(target))?.sealed ? null : target;
  }

  /**
   * @throws AppError folder-busy, folder-not-empty, folder-missing, disk-full (before the first byte), checksum-mismatch,
   *   disk-file-limit, cancelled. After each of them the old folder is as it was, and the same call goes on.
   */
  async *move(chosen: string, signal: AbortSignal): AsyncGenerator<MoveEvent, void, void> {
    await using _ = await this.#options.folderUse.take();
    try {
      const source = await this.#options.source();
      await this.#cleanUpEarlier();
      const target = await prepareTarget(chosen, source, await this.#note.read());
      await this.#giveUpOther(target);
      yield* this.#fill(source, target, signal);
      await this.#finish(target);
      yield { type: 'moved' };
    } catch (error) {
      throw asCopyError(error, signal, chosen);
    }
  }

  /** Throws away what an unfinished move has copied. */
  async giveUp(): Promise<void> {
    await using _ = await this.#options.folderUse.take();
    const target = await this.unfinished();
    if (target !== null) await this.#discard(target);
  }

  /** Ends a move that was killed when all files were there already. Once at start; failing, the next start tries. */
  async finishAtStart(): Promise<void> {
    const target = await this.#note.read();
    if (target === null || !(await MoveJournal.read(target))?.sealed) return;
    await using _ = await this.#options.folderUse.take();
    await this.#finish(target);
  }

  /** An earlier move has ended but for files that could not be deleted: they stay, and so does no journal of it. */
  async #cleanUpEarlier(): Promise<void> {
    const target = await this.#note.read();
    if (target === null || !(await this.#isPresent(target))) return;
    await this.#finish(target);
    await (await MoveJournal.read(target))?.remove();
    await this.#note.clear();
  }

  /** Whether the models lie in `target` already: only the last steps of that move are left to be done. */
  async #isPresent(target: string): Promise<boolean> {
    return target === (await this.#options.source().catch(() => null));
  }

  async *#fill(source: string, target: string, signal: AbortSignal): AsyncGenerator<MoveEvent, void, void> {
    const begun = await MoveJournal.read(target);
    if (begun?.sealed) return;
    // The note first: a journal without one is not ours.
    await this.#note.write(target);
    const journal = begun ?? (await MoveJournal.begin(target, source));
    for (let round = 0; ; round++) {
      const listed = await listSource(source);
      await forgetGone(journal, target, listed);
      const missing = await notThere(journal, target, listed);
      if (missing.length === 0) {
        await journal.seal();
        return;
      }
      if (round === MOST_ROUNDS) throw new AppError('folder-busy', 'The models folder keeps changing');
      yield* this.#transfer(journal, { source, target, listed, missing, signal });
    }
  }

  async *#transfer(
    journal: MoveJournal,
    work: {
      source: string;
      target: string;
      listed: ListedFile[];
      missing: ListedFile[];
      signal: AbortSignal;
    },
  ): AsyncGenerator<MoveEvent, void, void> {
    const { source, target, missing, signal } = work;
    const totalBytes = sum(work.listed);
    if (!(await sameDisk(source, target))) await requireSpace(target, sum(missing));
    let before = totalBytes - sum(missing);
    for (const file of missing) {
      signal.throwIfAborted();
      const { name } = file;
      const start = before;
      const steps = mapSteps(transferFile(join(source, name), join(target, name), signal), (step) => ({
        ...step,
        name,
        doneBytes: start + step.doneBytes,
        totalBytes,
      }));
      await journal.add(file, yield* steps);
      before += file.sizeBytes;
    }
  }

  /** Everything lies in `target`, verified. Can be repeated at any point of it. */
  async #finish(target: string): Promise<void> {
    const journal = await MoveJournal.read(target);
    if (!journal?.sealed) return;
    const files = journal.files.map(({ name, modifiedAt }) => ({
      from: join(journal.from, name),
      to: join(target, name),
      modifiedAt,
    }));
    await this.#options.switchTo(target, files);
    const left = await removeOld(journal, target);
    if (left.length > 0) {
      this.#options.log.info(`${left.length} files of the old models folder could not be deleted yet`);
      return;
    }
    await journal.remove();
    await this.#note.clear();
  }

  /** Another folder was chosen than last time: what was copied there is of no use. */
  async #giveUpOther(target: string): Promise<void> {
    const other = await this.unfinished();
    if (other !== null && other !== target) await this.#discard(other);
  }

  async #discard(target: string): Promise<void> {
    const journal = await MoveJournal.read(target);
    for (const { name } of journal?.files ?? []) await rm(join(target, name), { force: true });
    await journal?.remove();
    await removeEmptyFolders(target);
    await this.#note.clear();
  }
}

async function listSource(source: string): Promise<ListedFile[]> {
  return listFiles(source).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []; // Nothing was ever put there.
    throw error;
  });
}

/** Removes from the new folder what was removed from the old one since an earlier attempt. */
async function forgetGone(journal: MoveJournal, target: string, list: ListedFile[]): Promise<void> {
  const names = new Set(list.map(({ name }) => name));
  for (const { name } of journal.files) {
    if (names.has(name)) continue;
    await rm(join(target, name), { force: true });
    journal.forget(name);
  }
}

async function notThere(journal: MoveJournal, target: string, list: ListedFile[]): Promise<ListedFile[]> {
  const there = list.map(async (file) => {
    const copy = await stat(join(target, file.name)).catch(() => null);
    return journal.has(file) && copy?.size === file.sizeBytes;
  });
  const flags = await Promise.all(there);
  return list.filter((_, index) => !flags[index]);
}

/** Deletes what lies in the new folder too and has not changed since; returns what should have gone and did not. */
async function removeOld(journal: MoveJournal, target: string): Promise<MovedFile[]> {
  const left: MovedFile[] = [];
  for (const file of journal.files) {
    const old = join(journal.from, file.name);
    const found = await stat(old).catch(() => null);
    const copy = await stat(join(target, file.name)).catch(() => null);
    if (found && copy?.size === file.sizeBytes && Math.trunc(found.mtimeMs) === file.modifiedAt) {
      await rm(old).catch(() => left.push(file));
    }
  }
  await removeEmptyFolders(journal.from);
  return left;
}

async function sameDisk(source: string, target: string): Promise<boolean> {
  const [from, to] = await Promise.all([source, target].map((path) => stat(path).catch(() => null)));
  return from !== null && from?.dev === to?.dev;
}

function sum(files: ListedFile[]): number {
  return files.reduce((total, file) => total + file.sizeBytes, 0);
}
