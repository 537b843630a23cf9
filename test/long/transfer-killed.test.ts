// A host that is killed while conversations come in. Bugs these catch: half a conversation in the list, doubles or
// missing messages after the import is done again, a database that does not open.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ImportReport } from '#contract/transfer.ts';
import { claudeConversation } from '../support/exported-files.ts';
import { startKillableHost, type KillableHost } from '../support/killable-host.ts';

const CONVERSATIONS = 60;
/** Several transactions each. */
const MESSAGES = 90;

let folder: string;
let hosts: KillableHost[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lapidary-transfer-'));
});
afterEach(async () => {
  for (const host of hosts) await host.kill();
  hosts = [];
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

function start(): KillableHost {
  const host = startKillableHost(join(folder, 'data'));
  hosts = [host];
  return host;
}

async function writeExport(): Promise<string> {
  const path = join(folder, 'export.json');
  const chat_messages = Array.from({ length: MESSAGES }, (_, index) => ({
    uuid: `m-${index}`,
    sender: index % 2 === 0 ? 'human' : 'assistant',
    text: `Message ${index} `.repeat(30),
    created_at: '2023-11-14T22:13:21.000Z',
  }));
  const list = Array.from({ length: CONVERSATIONS }, (_, index) => ({
    ...claudeConversation,
    uuid: `u-${index}`,
    chat_messages,
  }));
  await writeFile(path, JSON.stringify(list));
  return path;
}

async function lengths({ client }: KillableHost): Promise<number[]> {
  const list = await client.call('chat.list', { limit: 500 });
  const trees = await Promise.all(list.map(({ id }) => client.call('branches.tree', { conversationId: id })));
  return trees.map((tree) => tree.length);
}

test('what was in stays whole, and the same import again brings the rest without doubles', async () => {
  const path = await writeExport();
  for (const killAfterMs of [150, 400, 700]) {
    const host = start();
    let known = 0;
    const importing = (async () => {
      for await (const event of host.client.stream('transfer.import', { path })) {
        if (event.type === 'reading') known = event.imported;
        setTimeout(() => void host.kill(), killAfterMs);
      }
    })();
    await importing.catch(() => {}); // It was killed.
    const next = start();
    const found = await lengths(next);
    expect(found.filter((length) => length !== MESSAGES)).toEqual([]);
    expect(found.length).toBeGreaterThanOrEqual(known);
    await next.kill();
  }
  const host = start();
  let report: ImportReport | null = null;
  for await (const event of host.client.stream('transfer.import', { path }))
    if (event.type === 'imported') report = event.report;
  expect(report?.skipped).toBe(0);
  expect(await lengths(host)).toEqual(Array.from({ length: CONVERSATIONS }, () => MESSAGES));
});
