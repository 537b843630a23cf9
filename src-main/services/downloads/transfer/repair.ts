// The file is whole, every block is as it was received, and yet its checksum is wrong: something was changed on the
// way. Fetches block after block again and replaces those that come differently, until the checksum is right.
import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AppError } from '#contract/errors.ts';
import type { FetchLink } from './fetch-link.ts';
import type { PartFile } from './part-file.ts';
import { Patience } from './patience.ts';
import { askRange } from './range-answer.ts';
import type { TransferTools } from './transfer-types.ts';
import { setTimeout as wait } from 'node:timers/promises';

/** After so many bad blocks the rest is no longer read each time to see whether that was the last. */
const LOOK_AHEAD_AFTER = 5;

interface Repair {
  part: PartFile;
  link: FetchLink;
  tools: TransferTools;
}

/**
 * Yields how many bytes have been compared. Returns whether the checksum is right now.
 * @throws AppError of the network.
 */
export async function* repair(
  { part, link, tools }: Repair,
  expected: string,
  signal: AbortSignal,
): AsyncGenerator<number, boolean, void> {
  const { map } = part;
  const good = createHash('sha256');
  let replaced = 0;
  for (let block = 0; block < map.count; block++) {
    const bytes = await fetchPatiently({ part, link, tools }, block, signal);
    good.update(bytes);
    const differs = crc32(bytes) !== map.get(block).crc;
    if (differs) {
      part.replace(block, bytes);
      replaced += 1;
    }
    if (
      differs &&
      replaced <= LOOK_AHEAD_AFTER &&
      (await restIsRight(part, block + 1, good.copy(), expected))
    ) {
      return true;
    }
    yield map.endOf(block);
  }
  return good.digest('hex') === expected;
}

async function restIsRight(part: PartFile, from: number, hash: Hash, expected: string): Promise<boolean> {
  for (let block = from; block < part.map.count; block++) hash.update(await part.readBlock(block));
  return hash.digest('hex') === expected;
}

async function fetchPatiently(repair: Repair, block: number, signal: AbortSignal): Promise<Buffer> {
  const patience = new Patience(repair.tools.tuning.firstRetryMs);
  for (;;) {
    try {
      return await fetchBlock(repair, block, signal);
    } catch (error) {
      signal.throwIfAborted();
      const delayMs = error instanceof AppError ? patience.failed(0) : null;
      if (delayMs === null) throw error;
      await wait(delayMs, undefined, { signal });
    }
  }
}

async function fetchBlock(
  { part, link, tools }: Repair,
  block: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const claim = { start: part.map.startOf(block), end: part.map.endOf(block) };
  const current = await link.get(signal);
  const answer = await askRange(
    tools.http,
    { link: current, claim, etag: null, withoutRange: false },
    signal,
  );
  const length = claim.end - claim.start;
  if (answer.kind !== 'part' || answer.end !== claim.end) {
    answer.response.discard();
    link.drop(current);
    const { status } = answer.response;
    // Without ranges the only repair would be everything again.
    const code = answer.kind === 'whole' ? 'download-damaged' : 'hub-unavailable';
    throw new AppError(code, `Answer ${status} (${answer.kind})`, { details: { status } });
  }
  const chunks: Buffer[] = [];
  for await (const chunk of answer.response.body) {
    await tools.limit.take(chunk.length, signal);
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  if (bytes.length !== length) throw new AppError('network-failed', 'The answer ended early');
  return bytes;
}
