// Looking at this system without asking any driver: which files, libraries and packages are there. Drivers are asked
// by processes that may crash; this may not.
import { execFile } from 'node:child_process';
import { access, readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Everything the lookups need to see of a system; tests make up their own. */
export interface Look {
  readonly platform: string;
  readonly architecture: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  exists(path: string): Promise<boolean>;
  /** Names in a folder; empty when it is not there. */
  list(folder: string): Promise<string[]>;
  /** Text of a small file; empty when it can't be read. */
  read(path: string): Promise<string>;
  /** File names of the shared libraries that Linux' loader knows; empty elsewhere. */
  libraries(): Promise<string[]>;
  /** Whether an npm package came with the app. */
  hasPackage(name: string): boolean;
}

const LOADER_LIMIT_MS = 2000;

/** This system as it is. */
export function lookHere(): Look {
  return {
    platform: process.platform,
    architecture: process.arch,
    environment: process.env,
    exists: (path) => access(path).then(...asAnswer(true, false)),
    list: (folder) => readdir(folder).catch(() => []),
    read: (path) => readFile(path, 'utf8').catch(() => ''),
    libraries,
    hasPackage,
  };
}

function asAnswer<T>(found: T, missing: T): [() => T, () => T] {
  return [() => found, () => missing];
}

async function libraries(): Promise<string[]> {
  if (process.platform !== 'linux') return [];
  const run = promisify(execFile);
  for (const program of ['/sbin/ldconfig', '/usr/sbin/ldconfig']) {
    try {
      const { stdout } = await run(program, ['-p'], { timeout: LOADER_LIMIT_MS, maxBuffer: 10_000_000 });
      return librariesOfCache(stdout);
    } catch {
      // Not every Linux has one; the usual folders are looked through all the same.
    }
  }
  return [];
}

/** "libvulkan.so.1 (libc6,x86-64) => /usr/lib/..." per line. */
export function librariesOfCache(text: string): string[] {
  return [...text.matchAll(/^\s+(\S+) \(/gm)].map((match) => match[1] ?? '');
}

function hasPackage(name: string): boolean {
  try {
    return import.meta.resolve(name).length > 0;
  } catch {
    return false;
  }
}
