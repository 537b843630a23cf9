// Files and folders that appear under their names only when all of them is there, and never in the place of another.
import { randomUUID } from 'node:crypto';
import {
  closeSync, existsSync, fsyncSync, linkSync, lstatSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync,
  unlinkSync, writeSync,
} from 'node:fs'; // prettier-ignore
import { join } from 'node:path';
import { AppError, type ErrorCode } from '#contract/errors.ts';
import { freePath } from './file-names.ts';

/** Ends the name of what is not whole yet; a kill leaves it behind. */
const PARTIAL = '.lapidary-partial';
/** Nobody else makes such a name. */
const OURS = /^export\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.lapidary-partial$/u;
/** What is being written, here or by an app on another computer, changes every few seconds. */
const STALE_MS = 60 * 60 * 1000;
/** These say that a disk has no second names for files. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL']);
const CODES: Record<string, ErrorCode> = {
  ENOSPC: 'export-disk-full',
  EDQUOT: 'export-disk-full',
  ENOENT: 'export-folder-missing',
  ENOTDIR: 'export-folder-missing',
  EACCES: 'export-folder-unwritable',
  EPERM: 'export-folder-unwritable',
  EROFS: 'export-folder-unwritable',
};

/** @throws AppError export-folder-missing */
export function requireFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new AppError('export-folder-missing', 'The folder is not there');
}

/** Removes what exports left in this folder when they were killed. What can't be removed now is tried again by the next
 * export. */
export function removeStale(folder: string, now: number): void {
  for (const name of readdirSync(folder)) {
    if (!OURS.test(name)) continue;
    const path = join(folder, name);
    try {
      if (now - lstatSync(path).mtimeMs > STALE_MS) rmSync(path, { recursive: true });
    } catch {} // Another export may have removed it, or it belongs to someone else.
  }
}

/** Of a length of its own: the final name may be as long as names can be. */
function partialIn(folder: string): string {
  return join(folder, `export.${randomUUID()}${PARTIAL}`);
}

/** What goes wrong in the folder, in the codes that a person's sentences exist for. */
function inFolder<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const code = CODES[(cause as NodeJS.ErrnoException).code ?? ''];
    throw code ? new AppError(code, String(cause), { cause }) : cause;
  }
}

interface Target {
  folder: string;
  /** Without its ending. */
  name: string;
  ending: string;
}

/** @throws AppError export-disk-full, export-folder-missing, export-folder-unwritable, from all its calls */
export class WholeFile implements Disposable {
  doneBytes = 0;
  readonly #target: Target;
  readonly #partial: string;
  #descriptor: number | null;

  constructor(target: Target) {
    this.#target = target;
    this.#partial = partialIn(target.folder);
    this.#descriptor = inFolder(() => openSync(this.#partial, 'wx'));
  }

  append(text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    inFolder(() => {
      for (let at = 0; at < bytes.length;) at += writeSync(this.#descriptor ?? -1, bytes, at);
    });
    this.doneBytes += bytes.length;
  }

  /** Returns its path. */
  finish(): string {
    return inFolder(() => {
      if (this.#descriptor !== null) fsyncSync(this.#descriptor);
      this.#close();
      const { folder, name, ending } = this.#target;
      for (;;) {
        const path = freePath(folder, name, ending);
        if (moveTo(path, this.#partial)) return path;
      }
    });
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

/** False when something has appeared at the path meanwhile. */
function moveTo(path: string, partial: string): boolean {
  try {
    linkSync(partial, path);
    unlinkSync(partial);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!NO_LINKS.has(code)) throw error;
    renameSync(partial, path);
    return true;
  }
}

/** A folder that is filled under another name. Errors as of a file. */
export class WholeFolder implements Disposable {
  /** Where its files go meanwhile. */
  readonly partial: string;
  readonly #target: Omit<Target, 'ending'>;

  constructor(target: Omit<Target, 'ending'>) {
    this.#target = target;
    this.partial = partialIn(target.folder);
    inFolder(() => mkdirSync(this.partial));
  }

  /** Returns its path. */
  finish(): string {
    return inFolder(() => {
      const { folder, name } = this.#target;
      for (;;) {
        const path = freePath(folder, name, '');
        try {
          renameSync(this.partial, path);
          return path;
        } catch (error) {
          if (!existsSync(path)) throw error;
        }
      }
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.partial, { recursive: true, force: true });
  }
}
