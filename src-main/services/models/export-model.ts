// Copies a model with its record into a folder or onto a USB stick, for a machine that may have no network.
import { rm, stat } from 'node:fs/promises';
import { basename, isAbsolute } from 'node:path';
import { AppError, type ErrorCode } from '#contract/errors.ts';
import type { ExportEvent, Model } from '#contract/models.ts';
import { paced } from '../../lib/steps.ts';
import { asCopyError, copyFiles } from './copy-files.ts';
import { fileNameFor, filesOf, freePaths } from './model-files.ts';
import { requireSame, writeRecord } from './model-record.ts';

interface ExportTarget {
  folder: string;
  /** Paths that other exports will have. */
  taken: Set<string>;
}

/**
 * Every copy is read back before the record is written. Stopping leaves nothing behind.
 * @throws AppError model-file-missing, export-folder-missing, export-folder-unwritable, checksum-mismatch (a copy, or the
 *   model itself, is not what was written), and the others of copyFiles.
 */
export async function* exportModel(
  model: Model,
  { folder, taken }: ExportTarget,
  signal: AbortSignal,
): AsyncGenerator<ExportEvent, void, void> {
  const target = isAbsolute(folder) ? await stat(folder).catch(() => null) : null;
  if (!target?.isDirectory()) {
    throw new AppError('export-folder-missing', `${folder} is no folder`);
  }
  const sources = await filesOf(model.path);
  if (sources.length === 0) throw new AppError('model-file-missing', `${model.path} is gone`);
  const names =
    sources.length === 1 ? [fileNameFor(model.path, model.name)] : sources.map((path) => basename(path));
  const paths = await freePaths(folder, names, taken);
  for (const path of paths) taken.add(path);
  const files = sources.map((from, index) => ({ from, to: paths[index] ?? '' }));
  try {
    const hashes = yield* paced(copyFiles(files, { signal, verify: true }));
    await addRecord(model, { paths, hashes }).catch(async (error: unknown) => {
      await Promise.all(paths.map((path) => rm(path, { force: true })));
      throw asCopyError(error, signal, folder);
    });
  } catch (error) {
    throw asExportError(error);
  } finally {
    for (const path of paths) taken.delete(path);
  }
  yield { type: 'exported', path: paths[0] ?? '' };
}

/** Copying speaks of the folder for models. This one is any other. */
const CODES: Partial<Record<ErrorCode, ErrorCode>> = {
  'folder-missing': 'export-folder-missing',
  'folder-not-empty': 'export-folder-unwritable',
};

function asExportError(error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  const code = CODES[error.code];
  return code ? new AppError(code, error.message, { cause: error }) : error;
}

/** Writes the record, if the model is what it was when its checksum was computed. */
async function addRecord(model: Model, copy: { paths: string[]; hashes: string[] }): Promise<void> {
  if (model.sha256 !== null) requireSame(basename(model.path), copy.hashes[0], model.sha256);
  await writeRecord(model, copy.paths, copy.hashes);
}
