// What travels beside an exported model: its name, where it came from, and checksums that tell a good copy from a
// damaged one, on a machine without network too.
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#contract/errors.ts';
import { modelOrigin, type Model } from '#contract/models.ts';
import { hashFile } from '../../lib/hash-file.ts';
import { mapSteps } from '../../lib/steps.ts';

const LARGEST_RECORD_BYTES = 1_000_000;

const modelRecord = z.object({
  version: z.literal(1),
  name: z.string().min(1).max(300),
  licence: z.string().max(300).nullable(),
  origin: modelOrigin.nullable(),
  /** In order; beside the record. */
  files: z
    .array(
      z.object({
        name: z.string().min(1).max(255),
        sizeBytes: z.int().nonnegative(),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .min(1)
    .max(500),
});
export type ModelRecord = z.output<typeof modelRecord>;

/** Where the record of the model whose first part is `path` lies. */
export function recordPath(path: string): string {
  return `${path}.lapidary.json`;
}

/**
 * The record beside a model's first part; null when there is none, or none that can be read. Checks the sizes.
 * @throws AppError checksum-mismatch when a file has another size than its record says, model-part-missing.
 */
export async function readRecord(path: string): Promise<ModelRecord | null> {
  const record = await parseRecord(recordPath(path));
  if (!record || !isSameName(record.files[0]?.name ?? '', basename(path))) return null;
  for (const { name, sizeBytes } of record.files) {
    const found = await stat(join(dirname(path), name)).catch(() => null);
    if (!found?.isFile())
      throw new AppError('model-part-missing', `${name} is missing`, { details: { part: name } });
    if (found.size !== sizeBytes) throw mismatch(name);
  }
  return record;
}

/** Macs write letters with marks in another form than others, onto every disk. */
function isSameName(a: string, b: string): boolean {
  return a.normalize('NFC') === b.normalize('NFC');
}

/** Compares all files with their checksums; yields the bytes read so far. @throws AppError checksum-mismatch */
export async function* checkRecord(
  path: string,
  record: ModelRecord,
  signal: AbortSignal,
): AsyncGenerator<{ doneBytes: number; totalBytes: number }, void, void> {
  const totalBytes = record.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  let before = 0;
  for (const { name, sizeBytes, sha256 } of record.files) {
    const start = before;
    const steps = mapSteps(hashFile(join(dirname(path), name), signal), (bytes) => ({
      doneBytes: start + bytes,
      totalBytes,
    }));
    requireSame(name, yield* steps, sha256);
    before += sizeBytes;
  }
}

/** @throws AppError checksum-mismatch */
export function requireSame(name: string, found: string | undefined, expected: string | undefined): void {
  if (found !== expected) throw mismatch(name);
}

/** Writes the record of the files that lie at `paths` with these checksums; it is on the disk afterwards; failing leaves nothing. */
export async function writeRecord(model: Model, paths: string[], hashes: string[]): Promise<void> {
  const files = await Promise.all(
    paths.map(async (path, index) => ({
      name: basename(path),
      sizeBytes: (await stat(path)).size,
      sha256: hashes[index] ?? '',
    })),
  );
  const { name, header, origin } = model;
  const record: ModelRecord = { version: 1, name, licence: header.licence, origin, files };
  const target = recordPath(paths[0] ?? '');
  try {
    {
      await using file = await open(`${target}.part`, 'w');
      await file.writeFile(`${JSON.stringify(record, null, 2)}\n`);
      await file.sync();
    }
    await rename(`${target}.part`, target);
  } finally {
    await rm(`${target}.part`, { force: true });
  }
}

async function parseRecord(path: string): Promise<ModelRecord | null> {
  try {
    if ((await stat(path)).size > LARGEST_RECORD_BYTES) return null;
    const record = modelRecord.parse(JSON.parse(await readFile(path, 'utf8')));
    // A record speaks of files beside it, never of others.
    return record.files.every(({ name }) => basename(name) === name) ? record : null;
  } catch {
    return null; // Without a readable record the file is one like any other.
  }
}

function mismatch(name: string): AppError {
  return new AppError('checksum-mismatch', `${name} is not what its record says`, { details: { name } });
}
