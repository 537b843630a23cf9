// The closed list of everything that may go wrong across a boundary. Every code has a title, a hint and a next
// action in the renderer's messages; a code without them does not compile. No zod here: the renderer imports this.

export const ERROR_CODES = [
  'internal',
  'bad-input',
  'cancelled',
  'not-found',
  'answer-repeats',
  'presets-unreadable',
  'connection-lost',
  'engine-stopped',
  'engine-unavailable',
  'no-model',
  'conversation-model-gone',
  'model-file-missing',
  'model-file-unreadable',
  'model-file-not-removed',
  'model-not-gguf',
  'model-incomplete',
  'model-part-missing',
  'model-unsupported',
  'model-too-large',
  'model-load-failed',
  'kv-cache-unsupported',
  'model-already-added',
  'prompt-too-long',
  'note-failed',
  'message-empty',
  'message-too-long',
  'conversation-busy',
  'name-taken',
  'document-not-ready',
  'disk-full',
  'database-read-only',
  'database-damaged',
  'database-too-new',
  'unavailable-here',
  'offline',
  'network-failed',
  'network-blocked',
  'proxy-failed',
  'hub-address',
  'hub-not-found',
  'hub-file-missing',
  'hub-gated',
  'hub-licence-pending',
  'hub-token-refused',
  'hub-rate-limited',
  'hub-unavailable',
  'licence-not-accepted',
  'download-changed',
  'download-damaged',
  'download-stalled',
  'folder-missing',
  'folder-not-empty',
  'folder-busy',
  'checksum-mismatch',
  'disk-file-limit',
  'export-folder-missing',
  'export-folder-unwritable',
  'export-disk-full',
  'import-file-missing',
  'import-unreadable',
  'import-newer',
  'import-running',
  'attachment-too-long',
  'file-missing',
  'file-unreadable',
  'file-damaged',
  'file-empty',
  'file-no-text',
  'file-too-large',
  'file-expands',
  'file-type-unknown',
  'file-encrypted',
  'file-password-wrong',
  'file-encryption-unknown',
  'reader-memory',
  'reader-timeout',
  'reader-crashed',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];
/** Longest message a person can send, in UTF-16 units; beyond it `message-too-long`. Longer text becomes an attachment. */
export const MESSAGE_LIMIT = 500_000;

/** Numbers and names that a message puts into its sentence. Never a secret, never text of a conversation. */
export type ErrorDetails = Record<string, string | number>;

/** An error as it crosses a port. `message` is for logs; people read the messages of `code`. */
export interface WireError {
  code: ErrorCode;
  message: string;
  details?: ErrorDetails;
}

/** An expected failure with a code that a person's sentence exists for. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails | undefined;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; details?: ErrorDetails } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.details = options.details;
  }
}

/** The wire form; what is no AppError becomes `internal` with the id of its log line and nothing else. */
export function toWireError(error: unknown, logId?: string): WireError {
  if (!(error instanceof AppError)) {
    return { code: 'internal', message: 'Unexpected error', ...(logId && { details: { logId } }) };
  }
  return { code: error.code, message: error.message, ...(error.details && { details: error.details }) };
}

export function fromWireError(error: WireError): AppError {
  return new AppError(error.code, error.message, error.details ? { details: error.details } : {});
}
