// Puts a model's files where they shall stay before it enters the list: where they lie, or copied into the models
// folder; compared with their record in both cases.
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AddModelEvent } from '#contract/models.ts';
import { mapSteps } from '../../lib/steps.ts';
import { copyFiles } from './copy-files.ts';
import { filesOf, freePaths } from './model-files.ts';
import { checkRecord, requireSame, type ModelRecord } from './model-record.ts';

export interface PlacedModel {
  path: string;
  /** Of the first file, where it was computed. */
  sha256: string | null;
}

type Steps = AsyncGenerator<AddModelEvent, PlacedModel, void>;

/** Reads all files where they lie, if a record says what they must be. @throws AppError checksum-mismatch */
export async function* checkInPlace(path: string, record: ModelRecord | null, signal: AbortSignal): Steps {
  if (!record) return { path, sha256: null };
  yield* mapSteps(checkRecord(path, record, signal), (step) => ({ type: 'checking' as const, ...step }));
  return { path, sha256: record.files[0]?.sha256 ?? null };
}

interface CopyTarget {
  folder: string;
  /** What the first file is called there, when it has no name of its own. */
  fileName: string;
  /** Paths that other copies will have. */
  taken: Set<string>;
}

/** Copies all files into `folder`. @throws AppError of copyFiles, checksum-mismatch; nothing is left behind then. */
export async function* copyInto(
  { folder, fileName, taken }: CopyTarget,
  source: string,
  record: ModelRecord | null,
  signal: AbortSignal,
): Steps {
  const sources = await filesOf(source);
  const names = sources.length === 1 ? [fileName] : sources.map((path) => basename(path));
  const targets = await freePaths(folder, names, taken);
  for (const target of targets) taken.add(target);
  try {
    const files = sources.map((from, index) => ({ from, to: targets[index] ?? '' }));
    const hashes = yield* mapSteps(
      copyFiles(files, { signal, verify: false }),
      ({ doneBytes, totalBytes }) => ({ type: 'copying' as const, doneBytes, totalBytes }),
    );
    try {
      for (const [index, file] of (record?.files ?? []).entries())
        requireSame(file.name, hashes[index], file.sha256);
    } catch (error) {
      await Promise.all(targets.map((target) => rm(target, { force: true })));
      throw error;
    }
    return { path: targets[0] ?? '', sha256: hashes[0] ?? null };
  } finally {
    for (const target of targets) taken.delete(target);
  }
}
