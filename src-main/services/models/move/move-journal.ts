// What a move of the models folder has done so far, kept in the new folder: a line for every file that lies there,
// verified. A move that was stopped or killed goes on from it. A line cut off by a kill counts as not written.
import { open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { isInside, JOURNAL_NAME, type ListedFile } from './list-files.ts';

const line = z.discriminatedUnion('type', [
  z.object({ type: z.literal('begin'), version: z.literal(1), from: z.string() }),
  z.object({
    type: z.literal('file'),
    name: z.string(),
    sizeBytes: z.number(),
    modifiedAt: z.number(),
    /** Null: the same file under a second name, which has nothing to verify. */
    sha256: z.string().nullable(),
  }),
  z.object({ type: z.literal('sealed') }),
]);
type Line = z.output<typeof line>;
export type MovedFile = Extract<Line, { type: 'file' }>;

export class MoveJournal {
  readonly from: string;
  readonly #file: string;
  readonly #done: Map<string, MovedFile>;
  #sealed: boolean;

  private constructor(file: string, lines: Line[], from: string) {
    this.#file = file;
    this.from = from;
    this.#done = new Map(lines.flatMap((each) => (each.type === 'file' ? [[each.name, each]] : [])));
    this.#sealed = lines.some(({ type }) => type === 'sealed');
  }

  /** The journal in `folder`; null when there is none, or none of ours. */
  static async read(folder: string): Promise<MoveJournal | null> {
    const file = join(folder, JOURNAL_NAME);
    const text = await readFile(file, 'utf8').catch(() => '');
    // What lies on a disk may have been written by anyone: of files elsewhere there is nothing to be said.
    const lines = text
      .split('\n')
      .flatMap((each) => parseLine(each) ?? [])
      .filter((each) => each.type !== 'file' || isBelow(each.name, folder));
    const [first] = lines;
    return first?.type === 'begin' ? new MoveJournal(file, lines, first.from) : null;
  }

  /** A new one. Throws the file system's errors when `folder` can't be written. */
  static async begin(folder: string, from: string): Promise<MoveJournal> {
    const journal = new MoveJournal(join(folder, JOURNAL_NAME), [], from);
    await journal.#append({ type: 'begin', version: 1, from }, 'w');
    return journal;
  }

  /** Everything is there and verified: from now on the new folder counts. */
  get sealed(): boolean {
    return this.#sealed;
  }

  get files(): MovedFile[] {
    return [...this.#done.values()];
  }

  /** Whether the file lies in the new folder as it is now in the old one. */
  has({ name, sizeBytes, modifiedAt }: ListedFile): boolean {
    const done = this.#done.get(name);
    return done?.sizeBytes === sizeBytes && done.modifiedAt === modifiedAt;
  }

  /** The file lies in the new folder, verified. On the disk when this resolves. */
  async add(file: ListedFile, sha256: string | null): Promise<void> {
    const entry: MovedFile = { type: 'file', ...file, sha256 };
    await this.#append(entry, 'a');
    this.#done.set(file.name, entry);
  }

  /** The file is no longer in the old folder. Until the journal is read again. */
  forget(name: string): void {
    this.#done.delete(name);
  }

  async seal(): Promise<void> {
    await this.#append({ type: 'sealed' }, 'a');
    this.#sealed = true;
  }

  async remove(): Promise<void> {
    await rm(this.#file, { force: true });
  }

  async #append(entry: Line, mode: 'a' | 'w'): Promise<void> {
    await using file: FileHandle = await open(this.#file, mode);
    // A line that a kill has cut off must not swallow this one.
    await file.write(`${mode === 'a' ? '\n' : ''}${JSON.stringify(entry)}\n`);
    await file.sync();
  }
}

function isBelow(name: string, folder: string): boolean {
  const path = join(folder, name);
  return !isAbsolute(name) && isInside(path, folder) && !isInside(folder, path);
}

function parseLine(text: string): Line | null {
  try {
    return line.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
