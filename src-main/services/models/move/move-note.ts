// A note in the data folder that a move of the models folder has begun, and where to.
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const note = z.object({ target: z.string().min(1) });

export class MoveNote {
  readonly #file: string;

  constructor(dataFolder: string) {
    this.#file = join(dataFolder, 'models-move.json');
  }

  /** Null when there is none. */
  async read(): Promise<string | null> {
    try {
      return note.parse(JSON.parse(await readFile(this.#file, 'utf8'))).target;
    } catch {
      return null;
    }
  }

  /** On the disk when this resolves. */
  async write(target: string): Promise<void> {
    {
      await using file = await open(`${this.#file}.new`, 'w');
      await file.writeFile(JSON.stringify({ target }));
      await file.sync();
    }
    await rename(`${this.#file}.new`, this.#file);
  }

  async clear(): Promise<void> {
    await rm(this.#file, { force: true });
  }
}
