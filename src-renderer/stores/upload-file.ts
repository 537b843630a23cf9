// Hands a file over to the host, part by part: a page never tells where a file lies, and the way is the same in a browser.
import { AppError } from '#contract/errors.ts';
import type { Api } from '../bridge.ts';

/** As much as one part may hold as base64: three bytes are four characters. */
const PART_BYTES = 510_000;

/** Resolves to the upload's id; `onProgress` hears from 0 to 1. Errors: file-unreadable, file-too-large, disk-full. */
export async function uploadFile(
  api: Api,
  file: File,
  onProgress: (share: number) => void = () => {},
  signal?: AbortSignal,
): Promise<string> {
  const { uploadId } = await api.call('attachments.begin', { name: file.name, sizeBytes: file.size }, signal);
  try {
    for (let from = 0; from < file.size; from += PART_BYTES) {
      const bytes = await toBase64(file.slice(from, from + PART_BYTES));
      await api.call('attachments.append', { uploadId, bytes }, signal);
      onProgress(Math.min(1, (from + PART_BYTES) / file.size));
    }
  } catch (error) {
    giveUp(api, uploadId);
    throw error;
  }
  return uploadId;
}

/** Its bytes are not needed any more. */
export function giveUp(api: Api, uploadId: string): void {
  api.call('attachments.giveUp', { uploadId }).catch(() => {}); // They go at the next start at the latest.
}

/** A folder, or a file that is gone, can't be read. */
function toBase64(part: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve((reader.result as string).replace(/^[^,]*,/, '')));
    reader.addEventListener('error', () =>
      reject(new AppError('file-unreadable', reader.error?.message ?? 'Unreadable')),
    );
    reader.readAsDataURL(part);
  });
}
