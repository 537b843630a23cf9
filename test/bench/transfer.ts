// What the host goes through while 10,000 conversations come in: the window must answer as if nothing happened.
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Contract } from '#contract/index.ts';
import type { ImportReport } from '#contract/transfer.ts';
import type { Client } from '#rpc/client.ts';
import { removeFolder, temporaryFolder } from '../support/start-app.ts';
import { readProbe, startProbedApp } from './probed-app.ts';
import { explain, judge, type Row } from './rows.ts';

const AREA = 'transfer';
const CONVERSATIONS = 10_000;
const MESSAGES = 20;
/** 10,000 conversations of 20 messages of this length are 200 MB. */
const MESSAGE_CHARACTERS = 900;
const IDLE_MS = 5000;
const WORDS =
  'the stone was cut with care so that light enters through the table and leaves where it came from'.split(
    ' ',
  );

export async function measureTransfer(tell: (row: Row) => void): Promise<void> {
  const folder = temporaryFolder();
  const app = await startProbedApp(join(folder, 'data'));
  try {
    const file = join(folder, 'conversations.json');
    const sizeBytes = writeExport(file);
    const client = await app.connect();
    await client.call('settings.change', { startupModel: 'none' });
    await readProbe(app);
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    const idle = await readProbe(app);
    await readProbe(app);
    const start = performance.now();
    const report = await bringIn(client, file);
    const seconds = (performance.now() - start) / 1000;
    const busy = await readProbe(app);
    if (report.imported !== CONVERSATIONS) throw new Error(`Only ${report.imported} came in`);
    const name = 'import of 10,000 conversations (200 MB): host event-loop delay, p99.9';
    tell(judge({ area: AREA, name, value: busy.p999Ms, unit: 'ms', bar: 8, better: 'lower' }));
    tell(explain({ area: AREA, name: 'the longest of them', value: busy.maxMs, unit: 'ms' }));
    tell(explain({ area: AREA, name: 'p99.9 while nothing happens', value: idle.p999Ms, unit: 'ms' }));
    tell(
      explain({
        area: AREA,
        name: 'read, indexed and on the disk',
        value: sizeBytes / 1e6 / seconds,
        unit: 'MB/s',
      }),
    );
    tell(
      explain({ area: AREA, name: 'memory of the host afterwards', value: busy.rssBytes / 1e6, unit: 'MB' }),
    );
  } finally {
    await app.kill('SIGINT');
    removeFolder(folder);
  }
}

async function bringIn(client: Client<Contract>, path: string): Promise<ImportReport> {
  for await (const event of client.stream('transfer.import', { path }))
    if (event.type === 'imported') return event.report;
  throw new Error('No report');
}

/** An export as Claude makes them. Returns its size. */
function writeExport(file: string): number {
  const descriptor = openSync(file, 'w');
  let sizeBytes = 0;
  for (let index = 0; index < CONVERSATIONS; index += 1) {
    const text = `${index === 0 ? '[' : ','}${JSON.stringify(conversation(index))}`;
    sizeBytes += writeSync(descriptor, text);
  }
  sizeBytes += writeSync(descriptor, ']');
  closeSync(descriptor);
  return sizeBytes;
}

function conversation(index: number): object {
  const created_at = new Date(1_600_000_000_000 + index * 60_000).toISOString();
  const chat_messages = Array.from({ length: MESSAGES }, (_, place) => ({
    uuid: `${index}-${place}`,
    sender: place % 2 === 0 ? 'human' : 'assistant',
    text: textOf(index * MESSAGES + place),
    created_at,
  }));
  return {
    uuid: `c-${index}`,
    name: `Conversation ${index}`,
    created_at,
    updated_at: created_at,
    chat_messages,
  };
}

/** Common words, and some that are in few texts. */
function textOf(seed: number): string {
  let text = '';
  for (let state = seed + 1; text.length < MESSAGE_CHARACTERS;) {
    state = (state * 48_271) % 2_147_483_647;
    text += `${state % 9 === 0 ? (state % 40_000).toString(36) : WORDS[state % WORDS.length]} `;
  }
  return text;
}
