// Two apps on one database, or none because of a leftover file: both are what the lock is there to prevent.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { acquireLock, lockFile, readInstance } from '../../../src-main/hosts/instance-lock.ts';

const own = { host: 'browser', port: 4321 } as const;
let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lapidary-lock-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function writeLock(pid: number): void {
  writeFileSync(lockFile(folder), JSON.stringify({ pid, ...own, secret: 'x'.repeat(40) }));
}

it('is taken by the first and tells the second who has it (two apps would write one database)', () => {
  writeLock(process.ppid);
  const second = acquireLock(folder, own);
  expect(second).toMatchObject({ other: { pid: process.ppid, port: 4321 } });
});

it('is taken over from a process that died (a crash would lock a person out for good)', () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  writeLock(pid);
  expect(acquireLock(folder, own)).toHaveProperty('lock');
  expect(readInstance(folder)?.pid).toBe(process.pid);
});

it('is taken over when the file makes no sense (half written at a power cut)', () => {
  writeFileSync(lockFile(folder), '{"pid":');
  expect(acquireLock(folder, own)).toHaveProperty('lock');
});

it('is readable by its owner only (the secret in it opens the app)', () => {
  acquireLock(folder, own);
  if (process.platform !== 'win32') expect(statSync(lockFile(folder)).mode & 0o777).toBe(0o600);
});

it('is given free when it is ours and left alone when it no longer is', () => {
  const taken = acquireLock(folder, own);
  if (!('lock' in taken)) throw new Error('Not taken');
  writeLock(process.ppid);
  taken.lock.release();
  expect(readInstance(folder)?.pid).toBe(process.ppid);
  rmSync(lockFile(folder));
  const again = acquireLock(folder, own);
  if ('lock' in again) again.lock.release();
  expect(readInstance(folder)).toBeNull();
});
