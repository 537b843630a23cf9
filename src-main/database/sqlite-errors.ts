// The one place where errors of SQLite and of the file system become the codes that a person's sentence exists for.
import { AppError, type ErrorCode } from '#contract/errors.ts';

const SQLITE_CODES: [prefix: string, code: ErrorCode][] = [
  ['SQLITE_FULL', 'disk-full'],
  // The index of the WAL could not be made larger.
  ['SQLITE_IOERR_SHMSIZE', 'disk-full'],
  ['SQLITE_READONLY', 'database-read-only'],
  ['SQLITE_CORRUPT', 'database-damaged'],
  ['SQLITE_NOTADB', 'database-damaged'],
  ['SQLITE_CANTOPEN', 'database-damaged'],
  ['SQLITE_IOERR_SHORT_READ', 'database-damaged'],
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-full'],
  ['EROFS', 'database-read-only'],
  ['EACCES', 'database-read-only'],
  ['EPERM', 'database-read-only'],
];

/** The AppError for what SQLite or `node:fs` threw, with it as the cause; null when there is no code for it. */
export function toDatabaseError(error: unknown): AppError | null {
  if (error instanceof AppError) return error;
  if (!(error instanceof Error) || !('code' in error)) return null;
  const found = SQLITE_CODES.find(([prefix]) => String(error.code).startsWith(prefix));
  return found ? new AppError(found[1], `${String(error.code)}: ${error.message}`, { cause: error }) : null;
}

/** Runs `work`; what it throws comes out as an AppError where there is a code for it. */
export function withDatabaseErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toDatabaseError(error) ?? error;
  }
}
