// A document that is a zip: its parts by name, unpacked piece by piece into memory and never onto the disk, with a
// limit on what they grow to.
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { AppError } from '#contract/errors.ts';
import type { Source } from './source.ts';

export interface Archive {
  names(): Iterable<string>;
  has(name: string): boolean;
  /** Unpacked, as the zip says; 0 for what is not there. */
  sizeOf(name: string): number;
  /** Nothing for a part that is not there. @throws AppError file-expands, file-damaged, file-encryption-unknown */
  chunks(name: string): AsyncGenerator<Buffer, void, void>;
  /** A small part as a whole, '' for one that is not there. */
  text(name: string): Promise<string>;
}

const MOST_ENTRIES = 50_000;
/** Text shrinks to a tenth or a twentieth; what shrinks to less than this was made to. Small parts may. */
const HIGHEST_RATIO = 200;
const RATIO_COUNTS_FROM_BYTES = 20 * 1024 * 1024;

/** Whoever opened the file closes it. Names stay bytes: the library would give up the whole file for one that leads out
 * of it; here they are only looked up, and such a one is never asked for. */
const OPTIONS = { autoClose: false, lazyEntries: true, decodeStrings: false, validateEntrySizes: true };

/** @throws AppError file-damaged, file-expands */
export async function openArchive(source: Source): Promise<Archive> {
  const zip = await yauzl.fromFdPromise(source.handle.fd, OPTIONS).catch(damaged);
  const entries = await listEntries(zip);
  let unpackedBytes = 0;
  let packedBytes = 0;
  const count = (bytes: number): void => {
    unpackedBytes += bytes;
    const bloated =
      unpackedBytes > RATIO_COUNTS_FROM_BYTES && unpackedBytes > Math.max(packedBytes, 1) * HIGHEST_RATIO;
    if (bloated || unpackedBytes > source.limits.unpackedBytes) throw expands();
  };
  async function* chunks(name: string): AsyncGenerator<Buffer, void, void> {
    const entry = entries.get(name);
    if (!entry) return;
    if (entry.isEncrypted()) throw new AppError('file-encryption-unknown', 'An encrypted part of a zip');
    packedBytes += entry.compressedSize;
    const stream = await zip.openReadStreamPromise(entry).catch(damaged);
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        count(chunk.length);
        yield chunk;
      }
    } catch (error) {
      throw error instanceof AppError ? error : damaged(error);
    }
  }
  return {
    names: () => entries.keys(),
    has: (name) => entries.has(name),
    sizeOf: (name) => entries.get(name)?.uncompressedSize ?? 0,
    chunks,
    async text(name) {
      const parts: Buffer[] = [];
      for await (const chunk of chunks(name)) parts.push(chunk);
      return Buffer.concat(parts).toString('utf8');
    },
  };
}

async function listEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  if (zip.entryCount > MOST_ENTRIES) throw expands();
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) {
      entries.set((entry.fileName as unknown as Buffer).toString('utf8'), entry);
    }
  } catch (error) {
    throw damaged(error);
  }
  return entries;
}

function expands(): AppError {
  return new AppError('file-expands', 'The zip unpacks to more than the limit');
}

function damaged(cause: unknown): never {
  throw new AppError('file-damaged', 'The zip is damaged', { cause });
}
