// Looks into a database file without SQLite and without touching anything beside it: a file that a later app has
// written must stay as it is, and one on a medium that can't be written must still open for reading.
// Never call this while the file is open in this process: closing it here would drop SQLite's locks on it.
import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { AppError } from '#contract/errors.ts';
import { readCommittedPages, type CommittedPages } from './write-ahead-log.ts';

const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';
/** Offsets in the header: sqlite.org/fileformat2.html, section 1.3. */
const PAGE_SIZE_AT = 16;
const WRITE_FORMAT_AT = 18;
const READ_FORMAT_AT = 19;
const VERSION_AT = 60;
const ROLLBACK_JOURNAL = 1;

/** The user_version of a database with all that is committed; 0 for no file or an empty one.
 * Throws `database-damaged` when it is no database. */
export function readStoredVersion(file: string): number {
  const header = readHeader(file);
  const { pages } = readLog(file);
  return (pages.get(1) ?? header)?.readUInt32BE(VERSION_AT) ?? 0;
}

/** The whole database with all that is committed, as a file that SQLite can open in memory. */
export function readStoredDatabase(file: string): Buffer {
  const { pages, pageCount } = readLog(file);
  let image = readFileSync(file);
  const pageSize = image.readUInt16BE(PAGE_SIZE_AT) === 1 ? 65_536 : image.readUInt16BE(PAGE_SIZE_AT);
  if (pageCount > 0) {
    const merged = Buffer.alloc(pageCount * pageSize);
    image.copy(merged);
    image = merged;
  }
  for (const [number, content] of pages)
    if (number <= pageCount) content.copy(image, (number - 1) * pageSize);
  // In memory there is no log: SQLite must not look for one.
  image[WRITE_FORMAT_AT] = image[READ_FORMAT_AT] = ROLLBACK_JOURNAL;
  return image;
}

function readHeader(file: string): Buffer | null {
  if (!existsSync(file)) return null;
  const header = Buffer.alloc(HEADER_BYTES);
  const descriptor = openSync(file, 'r');
  try {
    const length = readSync(descriptor, header, 0, HEADER_BYTES, 0);
    if (length === 0) return null;
    if (length === HEADER_BYTES && header.toString('latin1', 0, MAGIC.length) === MAGIC) return header;
    throw new AppError('database-damaged', 'The file is no SQLite database');
  } finally {
    closeSync(descriptor);
  }
}

function readLog(file: string): CommittedPages {
  const log = `${file}-wal`;
  return readCommittedPages(existsSync(log) ? readFileSync(log) : Buffer.alloc(0));
}
