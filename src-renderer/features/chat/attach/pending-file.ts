// A file on its way to becoming an attachment.
import type { ShownFailure } from '../../../messages/error-message.ts';

export interface PendingFile {
  readonly key: number;
  /** Whose draft it is for. */
  readonly draftKey: string;
  readonly name: string;
  readonly file: File;
  readonly state: 'uploading' | 'reading' | 'failed';
  /** From 0 to 1. */
  readonly progress: number;
  readonly failure: ShownFailure | null;
  /** Its bytes are with the host. */
  readonly uploadId: string | null;
}
