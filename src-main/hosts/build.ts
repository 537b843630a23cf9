// Builds the whole app into dist, and knows whether that is needed.
import { rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './places.ts';

/** Written last, so that a build that was interrupted counts as none. */
const STAMP = join(ROOT, 'dist', 'built');
const SOURCES = ['src-main', 'src-renderer', 'package.json', 'package-lock.json'];

/** Why dist has to be built: it isn't there, or a source file or folder is newer. Null when it is fine. */
export async function reasonToBuild(): Promise<'first start' | 'its sources changed' | null> {
  const built = statSync(STAMP, { throwIfNoEntry: false });
  if (!built) return 'first start';
  const files = await Promise.all(SOURCES.map((name) => filesBelow(join(ROOT, name))));
  const times = await Promise.all(files.flat().map(async (file) => (await stat(file)).mtimeMs));
  return times.some((time) => time > built.mtimeMs) ? 'its sources changed' : null;
}

/** Folders are listed with their files: their time tells of a file that was deleted. */
async function filesBelow(path: string): Promise<string[]> {
  if (!statSync(path).isDirectory()) return [path];
  const inside = await readdir(path, { recursive: true });
  return [path, ...inside.map((name) => join(path, name))];
}

export async function buildAll(): Promise<void> {
  const startedAt = new Date();
  rmSync(STAMP, { force: true });
  const { build } = await import('vite');
  const { preload, processes } = await import('../vite.config.ts');
  await build(processes);
  await build(preload);
  await build({ configFile: join(ROOT, 'src-renderer', 'vite.config.ts') });
  writeFileSync(STAMP, '');
  // What changed while it was built is newer than this.
  utimesSync(STAMP, startedAt, startedAt);
}

if (import.meta.main) await buildAll();
