// Files on their way in: the page hands over their bytes in parts, because it never learns where a file lies. They wait
// in a folder of the app until they are read, and are gone with it when it closes.
import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UPLOAD_LIMIT_BYTES } from '#contract/attachments.ts';
import { AppError } from '#contract/errors.ts';

interface Upload {
  name: string;
  path: string;
  sizeBytes: number;
}

export class Uploads {
  readonly #folder: string;
  readonly #uploads = new Map<string, Upload>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws AppError file-too-large, disk-full, database-read-only */
  async begin(name: string, sizeBytes: number): Promise<string> {
    checkSize(sizeBytes);
    const uploadId = randomUUID();
    // A name of its own: what the person calls it says nothing about where it may be put.
    const upload = { name, path: join(this.#folder, uploadId), sizeBytes: 0 };
    this.#uploads.set(uploadId, upload);
    await write(upload.path, Buffer.alloc(0), this.#folder);
    return uploadId;
  }

  /** @throws AppError not-found, file-too-large, disk-full, database-read-only */
  async append(uploadId: string, bytes: Buffer): Promise<void> {
    const upload = this.find(uploadId);
    checkSize(upload.sizeBytes + bytes.length);
    upload.sizeBytes += bytes.length;
    await write(upload.path, bytes, this.#folder);
  }

  /** @throws AppError not-found */
  find(uploadId: string): Upload {
    const upload = this.#uploads.get(uploadId);
    if (!upload) throw new AppError('not-found', `There is no upload ${uploadId}`);
    return upload;
  }

  /** Its file is the caller's from now on. @throws AppError not-found */
  take(uploadId: string): Upload {
    const upload = this.find(uploadId);
    this.#uploads.delete(uploadId);
    return upload;
  }

  async giveUp(uploadId: string): Promise<void> {
    const upload = this.#uploads.get(uploadId);
    this.#uploads.delete(uploadId);
    if (upload) await rm(upload.path, { force: true });
  }

  /** Removes all of them, those of an earlier run too. */
  async clear(): Promise<void> {
    this.#uploads.clear();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function checkSize(sizeBytes: number): void {
  if (sizeBytes <= UPLOAD_LIMIT_BYTES) return;
  const details = { sizeBytes, limitBytes: UPLOAD_LIMIT_BYTES };
  throw new AppError('file-too-large', 'The file is larger than what can be taken in', { details });
}

async function write(path: string, bytes: Buffer, folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await appendFile(path, bytes);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    if (['ENOSPC', 'EDQUOT'].includes(code))
      throw new AppError('disk-full', 'No room for the file', { cause });
    if (['EACCES', 'EPERM', 'EROFS'].includes(code))
      throw new AppError('database-read-only', 'The data folder can only be read', { cause });
    throw cause;
  }
}
