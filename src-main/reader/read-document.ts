// Reads one document step by step: finds its format, parses it, keeps to the limits, and puts the blocks into batches
// that one message carries.
import { AppError } from '#contract/errors.ts';
import type { FileToRead, ReadBlock, ReadFormat, ReadLimits, ReadStep } from '#contract/reader.ts';
import { splitBlock } from './blocks.ts';
import { detectFormat } from './detect-format.ts';
import { traceOf } from './error-traces.ts';
import { parserOf } from './parsers.ts';
import { openSource, type About, type Piece } from './source.ts';

const BATCH_CHARACTERS = 64 * 1024;
const REPORT_EVERY_MS = 200;

/** The last step is the summary. @throws AppError as 'reader.next' of the contract */
export async function* readDocument(
  file: FileToRead,
  limits: ReadLimits,
): AsyncGenerator<ReadStep, void, void> {
  const source = await openSource(file, limits);
  try {
    const format = await detectFormat(source);
    const about: About = { title: null, pages: null, notes: [] };
    const parser = await parserOf(format);
    const characters = yield* inBatches(parser(source, about), limits.characters, about);
    if (characters === 0) throw noText(format);
    yield { type: 'end', summary: { format, ...about } };
  } catch (error) {
    throw expected(error);
  } finally {
    await source.handle.close();
  }
}

/** Returns how many characters there were. */
async function* inBatches(
  pieces: AsyncGenerator<Piece, void, void>,
  limit: number,
  about: About,
): AsyncGenerator<ReadStep, number, void> {
  const batch = new Batch();
  let left = limit;
  for await (const { blocks, progress } of pieces) {
    for (const block of blocks.flatMap(splitBlock)) {
      if (left > 0) batch.add(shortened(block, left));
      left -= block.text.length;
      if (batch.full) yield batch.take(progress);
    }
    if (left < 0) {
      about.notes.push({ code: 'cut-text', count: limit });
      break;
    }
    if (batch.due) yield batch.take(progress);
  }
  if (batch.any) yield batch.take(1);
  return limit - left;
}

class Batch {
  #blocks: ReadBlock[] = [];
  #characters = 0;
  #since = performance.now();

  add(block: ReadBlock): void {
    this.#blocks.push(block);
    this.#characters += block.text.length;
  }

  get any(): boolean {
    return this.#blocks.length > 0;
  }

  get full(): boolean {
    return this.#characters >= BATCH_CHARACTERS;
  }

  /** A sign of life is wanted even where there is no text. */
  get due(): boolean {
    return performance.now() - this.#since >= REPORT_EVERY_MS;
  }

  take(progress: number): ReadStep {
    const blocks = this.#blocks;
    this.#blocks = [];
    this.#characters = 0;
    this.#since = performance.now();
    return { type: 'blocks', blocks, progress: Math.min(1, Math.max(0, progress)) };
  }
}

function shortened(block: ReadBlock, characters: number): ReadBlock {
  return block.text.length <= characters ? block : { ...block, text: block.text.slice(0, characters) };
}

function noText(format: ReadFormat): AppError {
  if (format === 'pdf') return new AppError('file-no-text', 'No page has text');
  return new AppError('file-empty', 'There is nothing but white space');
}

/** What a parser throws of its own tells of a damaged file; where it came from is for the log only. */
function expected(error: unknown): AppError {
  if (error instanceof AppError) return error;
  process.stderr.write(`${traceOf(error)}\n`);
  return new AppError('file-damaged', 'The parser failed', { cause: error });
}
