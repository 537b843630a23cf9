// Hands a file of the person over to the host, part by part: the page never learns where it lies, nor does the host.
import type { Api } from '../bridge.ts';

/** Of a part, before it becomes base64: the contract takes no more. */
const PART_BYTES = 384 * 1024;

/** Returns the upload's id. @throws AppError file-too-large, disk-full, connection-lost */
export async function uploadFile(api: Api, file: File): Promise<string> {
  const { uploadId } = await api.call('attachments.begin', { name: file.name, sizeBytes: file.size });
  try {
    for (let start = 0; start < file.size; start += PART_BYTES) {
      const bytes = await toBase64(file.slice(start, start + PART_BYTES));
      await api.call('attachments.append', { uploadId, bytes });
    }
    return uploadId;
  } catch (error) {
    await api.call('attachments.giveUp', { uploadId }).catch(() => {}); // The first error is what matters.
    throw error;
  }
}

function toBase64(part: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(String(reader.result).replace(/^[^,]*,/, '')));
    reader.addEventListener('error', () => reject(reader.error ?? new Error('The file could not be read')));
    reader.readAsDataURL(part);
  });
}
