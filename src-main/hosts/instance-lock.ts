// One Lapidary per data folder: a file there names the process that has it open, how to reach it, and the secret
// that only this person can read. The file of a process that died is taken over.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const instance = z.object({
  pid: z.int().positive(),
  host: z.enum(['electron', 'browser']),
  /** Where it listens on 127.0.0.1; null for a desktop window. */
  port: z.int().nullable(),
  /** Proves to the running one that whoever asks may read this person's files. */
  secret: z.string().min(32),
});
export type Instance = z.output<typeof instance>;

export interface InstanceLock {
  readonly secret: string;
  /** Gives the data folder free. Does nothing when it is no longer ours. */
  release(): void;
}

/** Where the instance that has `dataFolder` open is written down. */
export function lockFile(dataFolder: string): string {
  return join(dataFolder, 'instance.json');
}

/** Who has the data folder open by its own account; null when nobody does or the file makes no sense. */
export function readInstance(dataFolder: string): Instance | null {
  const text = readText(lockFile(dataFolder));
  return text === null ? null : parseInstance(text);
}

/** Takes the data folder, or returns the living instance that has it. */
export function acquireLock(
  dataFolder: string,
  own: { host: Instance['host']; port: number | null },
  isLiving: (other: Instance) => boolean = isRunning,
): { lock: InstanceLock } | { other: Instance } {
  const file = lockFile(dataFolder);
  const secret = randomBytes(32).toString('base64url');
  const text = JSON.stringify({ pid: process.pid, ...own, secret });
  mkdirSync(dataFolder, { recursive: true });
  for (;;) {
    if (createExclusively(file, text)) return { lock: { secret, release: () => release(file, text) } };
    const found = readText(file);
    const other = found === null ? null : parseInstance(found);
    if (other && other.pid !== process.pid && isLiving(other)) return { other };
    if (found !== null) removeStale(file, found);
  }
}

/** Whether the process of an instance still runs. */
export function isRunning({ pid }: Instance): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // It runs, as someone else.
  }
}

function createExclusively(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves the file aside before judging it, so that of two that find it stale only one removes it. */
function removeStale(file: string, expected: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // Someone else was quicker; the next attempt sees theirs.
  }
  if (readText(aside) === expected) rmSync(aside, { force: true });
  else renameSync(aside, file);
}

function release(file: string, text: string): void {
  if (readText(file) === text) rmSync(file, { force: true });
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null; // Nobody has it open.
    throw error; // Not ours to read: going on would try for ever.
  }
}

function parseInstance(text: string): Instance | null {
  try {
    return instance.parse(JSON.parse(text));
  } catch {
    return null; // Half written or damaged: nobody to ask.
  }
}
