// What may happen to the data under the running app: a full disk, a file that can only be read, one from the future.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { DataHealth } from '#contract/app.ts';
import { mountSmallDisk } from '../support/small-disk.ts';
import { ask, startWiredApp, until, type WiredApp } from '../support/wired-app.ts';

async function healthOf(wired: WiredApp): Promise<DataHealth> {
  return (await wired.client.stream('app.watchHealth', undefined).next()).value as DataHealth;
}

test('a full disk refuses a question before the model sees it, and nothing half is left', async (context) => {
  const folder = mountSmallDisk(context, 'size=3m');
  const wired = await startWiredApp({ folder });
  const first = await ask(wired.client, 'Hello!');
  await until(async () => (await wired.client.call('chat.list', {}))[0]?.titleSource === 'model');
  fill(join(folder, 'ballast'));
  const id = first.answer.conversationId;
  await expect(ask(wired.client, 'word '.repeat(20_000), id)).rejects.toMatchObject({ code: 'disk-full' });
  const { messages } = await wired.client.call('chat.open', { id });
  expect(messages).toHaveLength(2);
  await wired.close();
});

test('data that can only be read: everything can be read, a question is refused by name', async (context) => {
  const folder = mountSmallDisk(context, 'size=8m');
  const wired = await startWiredApp({ folder });
  const first = await ask(wired.client, 'Hello!');
  await wired.close();
  execFileSync('mount', ['-o', 'remount,ro', folder]);
  const readOnly = await startWiredApp({ folder });
  const { messages } = await readOnly.client.call('chat.open', { id: first.answer.conversationId });
  expect(messages[0]?.text).toBe('Hello!');
  await expect(ask(readOnly.client, 'Hello!')).rejects.toMatchObject({ code: 'database-read-only' });
  await readOnly.close();
});

test('a database from a newer Lapidary is refused with both versions and not touched', async () => {
  const wired = await startWiredApp();
  await ask(wired.client, 'Hello!');
  await wired.close();
  const file = join(wired.folder, 'lapidary.db');
  const future = new DatabaseSync(file);
  future.exec('PRAGMA user_version = 999');
  future.close();
  const before = readFileSync(file);
  const refused = await startWiredApp({ folder: wired.folder });
  expect(await healthOf(refused)).toMatchObject({
    usable: false,
    failure: { code: 'database-too-new', details: { fileVersion: 999 } },
  });
  await expect(refused.client.call('chat.list', {})).rejects.toMatchObject({ code: 'database-too-new' });
  await refused.close();
  expect(readFileSync(file).equals(before)).toBe(true);
  await rm(wired.folder, { recursive: true });
});

test('a damaged database offers its backups, and restoring one brings the conversations back', async () => {
  const wired = await startWiredApp();
  const { answer } = await ask(wired.client, 'What is the capital of France?');
  await until(async () => (await wired.client.call('chat.list', {}))[0]?.titleSource === 'model');
  const file = join(wired.folder, 'lapidary.db');
  await wired.close();
  const copy = new DatabaseSync(file);
  const backups = join(wired.folder, 'backups');
  mkdirSync(backups, { recursive: true });
  copy.exec(`VACUUM INTO '${join(backups, 'lapidary-2026-11-20T10-00-00-000Z-daily.db')}'`);
  copy.close();
  writeFileSync(file, Buffer.alloc(8192, 'this is no database '));

  const damaged = await startWiredApp({ folder: wired.folder });
  const health = await healthOf(damaged);
  expect(health).toMatchObject({ usable: false, failure: { code: 'database-damaged' } });
  const [backup] = health.backups;
  await damaged.client.call('app.restoreBackup', { file: backup!.file });
  expect(await healthOf(damaged)).toMatchObject({ usable: true });
  const { messages } = await damaged.client.call('chat.open', { id: answer.conversationId });
  expect(messages[1]?.text).toBe('The capital of France is Paris.');
  await damaged.destroy();
});

/** Takes all the room there is. */
function fill(path: string): void {
  try {
    for (;;) writeFileSync(path, Buffer.alloc(64 * 1024), { flag: 'a' });
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
  }
}
