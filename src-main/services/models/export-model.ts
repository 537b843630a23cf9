// Copies a model with its record into a folder or onto a USB stick, for a machine that may have no network.
import { rm, stat } from 'node:fs/promises';
import { basename, isAbsolute } from 'node:path';
import { AppError } from '#contract/errors.ts';
import type { ExportEvent, Model } from '#contract/models.ts';
import { paced } from '../../lib/steps.ts';
import { asCopyError, copyFiles } from './copy-files.ts';
import { fileNameFor, filesOf, freePaths } from './model-files.ts';
import { requireSame, writeRecord } from './model-record.ts';

/**
 * Every copy is read back before the record is written. Stopping leaves nothing behind.
 * @throws AppError model-file-missing, folder-missing, checksum-mismatch (a copy, or the model itself, is not what was
 *   written), and those of copyFiles.
 */
export async function* exportModel(
  model: Model,
  folder: string,
  signal: AbortSignal,
): AsyncGenerator<ExportEvent, void, void> {
  const target = isAbsolute(folder) ? await stat(folder).catch(() => null) : null;
  if (!target?.isDirectory()) {
    throw new AppError('folder-missing', `${folder} is no folder`, { details: { path: folder } });
  }
  const sources = await filesOf(model.path);
  if (sources.length === 0) throw new AppError('model-file-missing', `${model.path} is gone`);
  const names =
    sources.length === 1 ? [fileNameFor(model.path, model.name)] : sources.map((path) => basename(path));
  const paths = await freePaths(folder, names);
  const files = sources.map((from, index) => ({ from, to: paths[index] ?? '' }));
  const hashes = yield* paced(copyFiles(files, { signal, verify: true }));
  try {
    if (model.sha256 !== null) requireSame(basename(model.path), hashes[0], model.sha256);
    await writeRecord(model, paths, hashes);
  } catch (error) {
    await Promise.all(paths.map((path) => rm(path, { force: true })));
    throw asCopyError(error, signal, folder);
  }
  yield { type: 'exported', path: paths[0] ?? '' };
}
