// Who works in the models folder: any number of copies and deletions, or one move of everything, never both.
import { AppError } from '#contract/errors.ts';

/** Stops writing into the folder; the function it resolves to lets it go on. */
export type Pause = () => Promise<() => void | Promise<void>>;

export class FolderUse {
  readonly #writers = new Set<Pause>();
  #users = 0;
  #moving = false;

  /** Someone who writes into the folder at any time, as downloads do, and can be asked to pause for a move. */
  register(writer: Pause): void {
    this.#writers.add(writer);
  }

  /** Until disposed, the folder stays where it is. @throws AppError folder-busy while it is being moved. */
  share(): Disposable {
    if (this.#moving) throw busy();
    this.#users += 1;
    return { [Symbol.dispose]: () => void (this.#users -= 1) };
  }

  /** Until disposed, nobody else works in the folder. @throws AppError folder-busy while somebody does. */
  async take(): Promise<AsyncDisposable> {
    if (this.#moving || this.#users > 0) throw busy();
    this.#moving = true;
    const resumes: (() => void | Promise<void>)[] = [];
    const giveBack = async (): Promise<void> => {
      const outcomes = await Promise.allSettled(resumes.map(async (resume) => resume()));
      this.#moving = false;
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    };
    try {
      for (const pause of this.#writers) resumes.push(await pause());
    } catch (error) {
      await giveBack();
      throw error;
    }
    return { [Symbol.asyncDispose]: giveBack };
  }
}

function busy(): AppError {
  return new AppError('folder-busy', 'The models folder is in use');
}
