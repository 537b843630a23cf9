// The evaluated context of a conversation on disk. A state file that is not exactly what this program wrote could
// crash llama.cpp, so it is used only when its hash is the one noted at saving, and ignored when in doubt.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import { AppError } from '#contract/errors.ts';
import type { SavedState } from '#contract/engine.ts';

/** First words of a file of llama_state_seq_save_file: magic 'ggsq', version, count of tokens, tokens. */
const HEADER_BYTES = 12;
const MAGIC = 0x67677371;

export interface SavedFile {
  sha256: string;
  sizeBytes: number;
  tokens: number;
}

/** Loads `saved` when it holds a longer part of `tokens` than the context does. Says whether it did. */
export async function restoreState(
  sequence: LlamaContextSequence,
  saved: SavedState,
  tokens: readonly Token[],
): Promise<boolean> {
  const held = commonPrefix(sequence.contextTokens, tokens);
  const stored = await storedTokens(saved.file, sequence.contextSize).catch(() => null);
  if (!stored || commonPrefix(stored, tokens) <= held) return false;
  const hash = await hashFile(saved.file).catch(() => '');
  if (hash !== saved.sha256) return false;
  try {
    await sequence.loadStateFromFile(saved.file, { acceptRisk: true });
    return true;
  } catch {
    // Only a shortcut: the prompt is read again instead.
    await sequence.clearHistory();
    return false;
  }
}

/** Writes what the context holds beside `file`, then renames. Null: nothing held, or over `maxBytes`. */
export async function saveState(
  sequence: LlamaContextSequence,
  file: string,
  maxBytes: number,
): Promise<SavedFile | null> {
  const tokens = sequence.nextTokenIndex;
  if (tokens === 0 || sequence.context.stateSize > maxBytes) return null;
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await sequence.saveStateToFile(temporary);
    const { size } = await stat(temporary);
    if (size > maxBytes) return null;
    const sha256 = await hashFile(temporary);
    await rename(temporary, file);
    return { sha256, sizeBytes: size, tokens };
  } catch (cause) {
    // llama.cpp only says that writing failed.
    const { bavail, bsize } = await statfs(dirname(file));
    if (bavail * bsize > sequence.context.stateSize) throw cause;
    throw new AppError('disk-full', 'No room for the saved state', { cause });
  } finally {
    await rm(temporary, { force: true });
  }
}

/** How many tokens from the beginning two sequences share. */
export function commonPrefix(left: ArrayLike<number>, right: ArrayLike<number>): number {
  const end = Math.min(left.length, right.length);
  let same = 0;
  while (same < end && left[same] === right[same]) same += 1;
  return same;
}

async function storedTokens(path: string, limit: number): Promise<Uint32Array | null> {
  const file = await open(path, 'r');
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    await file.read(header, 0, HEADER_BYTES, 0);
    const count = header.readUInt32LE(8);
    if (header.readUInt32LE(0) !== MAGIC || count > limit) return null;
    const tokens = new Uint32Array(count);
    const { bytesRead } = await file.read(new Uint8Array(tokens.buffer), 0, count * 4, HEADER_BYTES);
    return bytesRead === count * 4 ? tokens : null;
  } finally {
    await file.close();
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1_048_576 }))
    hash.update(piece as Buffer);
  return hash.digest('hex');
}
