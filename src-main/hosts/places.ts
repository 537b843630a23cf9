// Where things lie: what ships with the app, and the person's data. The same two steps up lead to the root from
// src-main/hosts and from dist/main, so this works unbundled, built and inside an asar archive.
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The built page. */
export const PAGE_FOLDER = join(ROOT, 'dist', 'renderer');
/** Shipped data in a checkout; a packaged app has it elsewhere. */
export const RESOURCES = join(ROOT, 'resources');

/** True when this runs from the TypeScript sources. */
export const FROM_SOURCES = import.meta.url.endsWith('.ts');

/** Where the bundled or unbundled entry of the engine process lies. */
export function engineEntry(): string {
  return fileURLToPath(new URL(FROM_SOURCES ? '../engine/main.ts' : './engine.js', import.meta.url));
}

/** Where the bundled or unbundled entry of the reader process lies. */
export function readerEntry(): string {
  return fileURLToPath(new URL(FROM_SOURCES ? '../reader/main.ts' : './reader.js', import.meta.url));
}

export function appVersion(): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** The folder asked for, else LAPIDARY_DATA_FOLDER, else where the system keeps such data. */
export function dataFolder(
  asked: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const chosen = asked ?? environment['LAPIDARY_DATA_FOLDER'];
  if (chosen) return resolve(chosen);
  const home = homedir();
  if (platform === 'win32')
    return join(environment['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Lapidary');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Lapidary');
  return join(environment['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'lapidary');
}
