// sha256 of files of any size without ever holding up the thread: piece by piece, other work in between.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** One piece is hashed in 1 to 3 ms, which is the longest that anything else waits. */
export const HASH_PIECE_BYTES = 1_048_576;

/** Yields the bytes read so far; returns the sha256 in hex. Throws the file system's errors, or the signal's reason. */
export async function* hashFile(path: string, signal: AbortSignal): AsyncGenerator<number, string, void> {
  await using file = await open(path, 'r');
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(HASH_PIECE_BYTES);
  for (let doneBytes = 0; ;) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(piece, 0, piece.length);
    if (bytesRead === 0) return hash.digest('hex');
    hash.update(piece.subarray(0, bytesRead));
    doneBytes += bytesRead;
    yield doneBytes;
  }
}
