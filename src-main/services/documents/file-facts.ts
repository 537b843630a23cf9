// What the system says of a person's file, and whether it is still the one that was read.
import { stat } from 'node:fs/promises';
import { AppError } from '#contract/errors.ts';
import type { Document } from '#contract/documents.ts';

export interface FileFacts {
  sizeBytes: number;
  /** Whole milliseconds since 1970. */
  modifiedAt: number;
}

/** @throws AppError file-missing */
export async function factsOf(path: string): Promise<FileFacts> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new AppError('file-missing', `${path} is not there`, { cause });
  });
  return { sizeBytes: found.size, modifiedAt: Math.trunc(found.mtimeMs) };
}

/** Compares a file with what was read of it. */
export async function fileState(read: {
  path: string;
  sizeBytes: number;
  modifiedAt: number | null;
}): Promise<Document['fileState']> {
  const now = await factsOf(read.path).catch(() => null);
  if (!now) return 'missing';
  return now.sizeBytes === read.sizeBytes && now.modifiedAt === read.modifiedAt ? 'same' : 'changed';
}
