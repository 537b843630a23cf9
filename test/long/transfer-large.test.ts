// An export of half a gigabyte, as years of talk with pictures in it make one. Bugs these catch: a file that is read as
// a whole, memory that grows with every conversation, one conversation that is too large and takes the others with it.
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startKillableHost, type KillableHost } from '../support/killable-host.ts';
import { importFrom } from '../support/transfers.ts';

const MB = 1_000_000;
const CONVERSATIONS = 2000;
const MESSAGES = 12;
const FILE_BYTES = 500 * MB;
/** What is no text is read, but not kept. */
const PICTURE = 'iVBORw0KGgo'.repeat(9000);
const LARGEST_BYTES = 40 * MB;
/** Of the whole process, with what it needs at rest: less than the file has. */
const MOST_MEMORY_BYTES = FILE_BYTES;

let folder: string;
let host: KillableHost;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lapidary-large-'));
  host = startKillableHost(join(folder, 'data'));
});
afterEach(async () => {
  await host.kill();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

function conversation(index: number, picture: string): object {
  const created_at = '2023-11-14T22:13:21.000Z';
  const message = (place: number): object => ({
    uuid: `m-${place}`,
    sender: place % 2 === 0 ? 'human' : 'assistant',
    text: `Message ${place} of ${index}: ${(index * 7919 + place).toString(36)} ${'and on it goes '.repeat(300)}`,
    files: place < 2 ? [{ data: place === 0 ? picture : PICTURE }] : [],
    created_at,
  });
  const chat_messages = Array.from({ length: MESSAGES }, (_, place) => message(place));
  return { uuid: `u-${index}`, name: `Talk ${index}`, created_at, updated_at: created_at, chat_messages };
}

/** Returns its size. */
function writeExport(path: string): number {
  const file = openSync(path, 'w');
  let sizeBytes = writeSync(file, '[');
  const large = 'A'.repeat(LARGEST_BYTES);
  for (let index = 0; index < CONVERSATIONS; index += 1) {
    const picture = index === 1000 ? large : index === 1500 ? large + large : PICTURE;
    sizeBytes += writeSync(file, `${JSON.stringify(conversation(index, picture))},`);
  }
  sizeBytes += writeSync(file, '{}]');
  closeSync(file);
  return sizeBytes;
}

/** The most that the process has had; null where the system does not tell. */
async function peakMemoryBytes(): Promise<number | null> {
  const status = await readFile(`/proc/${host.pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/mu.exec(status) ?? [];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

test('500 MB come in with bounded memory; what is too large is named', async () => {
  const path = join(folder, 'conversations.json');
  expect(writeExport(path)).toBeGreaterThan(FILE_BYTES);
  const report = await importFrom(host, path);
  expect(report).toMatchObject({ imported: CONVERSATIONS - 1, skipped: 2 });
  expect(report.skippedOnes.map(({ reason }) => reason)).toEqual(['too-large', 'unknown']);
  const peakBytes = await peakMemoryBytes();
  if (peakBytes !== null) expect(peakBytes).toBeLessThan(MOST_MEMORY_BYTES);
  expect(await host.client.call('chat.search', { query: 'on it goes' })).not.toEqual([]);
});
