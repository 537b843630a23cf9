// Starting: by the wrong Node, with arguments, twice, and stopping again, each with real processes.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { readInstance } from '../../../src-main/hosts/instance-lock.ts';
import { dataFolder } from '../../../src-main/hosts/places.ts';
import { readStartOptions } from '../../../src-main/hosts/start-options.ts';

const ROOT = join(import.meta.dirname, '../../..');
const GUARD = join(ROOT, 'src-main/hosts/require-node.mjs');
const HOST = join(ROOT, 'src-main/hosts/browser/main.ts');
const children: ChildProcess[] = [];
const folders: string[] = [];

afterEach(() => {
  children.splice(0).forEach((child) => child.kill('SIGKILL'));
  folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lapidary-start-'));
  folders.push(folder);
  return folder;
}

function startHost(folder: string): ChildProcess {
  const child = spawn(process.execPath, [HOST, '--no-open', `--data-folder=${folder}`]);
  children.push(child);
  return child;
}

function addressFrom(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    child.stdout?.on('data', (part: Buffer) => {
      text += part.toString();
      const address = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(text)?.[0];
      if (address) resolve(address);
    });
  });
}

it('says one sentence under an older Node (its native modules would crash instead)', () => {
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '20.1.0' })`;
  const code = `${pretend}; import(${JSON.stringify(pathToFileURL(GUARD).href)})`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', code], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toBe(
    'Lapidary needs Node 24, and this is Node 20.1.0: use "npm start", which brings its own.\n',
  );
});

it('has the check in front of everything that runs our code (the crash would come first)', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const script of Object.values(scripts).filter((line) => /\bnode .*\.ts\b/.test(line))) {
    expect(script).toContain('--import ./src-main/hosts/require-node.mjs');
  }
  expect(readFileSync(HOST, 'utf8')).toMatch(/^(\/\/.*\n)+import '\.\.\/require-node\.mjs';\n/);
});

it('starts once per data folder: the second gets a fresh address of the first and ends', async () => {
  const folder = newFolder();
  const first = startHost(folder);
  const address = await addressFrom(first);
  const second = startHost(folder);
  const again = await addressFrom(second);
  expect(new URL(again).origin).toBe(new URL(address).origin);
  expect(again).not.toBe(address);
  expect(await new Promise((resolve) => second.once('exit', resolve))).toBe(0);
  expect((await fetch(again, { redirect: 'manual' })).status).toBe(303);
  first.kill('SIGKILL');
  await new Promise((resolve) => first.once('exit', resolve));
  const third = startHost(folder);
  expect(new URL(await addressFrom(third)).origin, 'after a crash').not.toBe(new URL(address).origin);
  expect(readInstance(folder)?.pid).toBe(third.pid);
});

it.skipIf(process.platform === 'win32')('stops when asked and gives the data folder free', async () => {
  const folder = newFolder();
  const host = startHost(folder);
  await addressFrom(host);
  host.kill('SIGTERM');
  expect(await new Promise((resolve) => host.once('exit', resolve))).toBe(0);
  expect(readInstance(folder)).toBeNull();
});

it('reads its arguments and ignores those of others (Chromium adds its own)', () => {
  const read = readStartOptions([
    '--browser',
    '--no-open',
    '--port',
    '4000',
    '--data-folder=/d',
    '--enable-x',
    'y',
  ]);
  expect(read).toEqual({ browser: true, open: false, port: 4000, dataFolder: '/d' });
  expect(readStartOptions(['--port=99999', '--data-folder'])).toEqual({
    browser: false,
    open: true,
    port: 0,
    dataFolder: undefined,
  });
});

it('keeps data where each system expects it (it would be lost at the next clean-up)', () => {
  expect(dataFolder(undefined, { XDG_DATA_HOME: '/x' }, 'linux')).toBe(join('/x', 'lapidary'));
  expect(dataFolder(undefined, { APPDATA: '/a' }, 'win32')).toBe(join('/a', 'Lapidary'));
  expect(dataFolder(undefined, {}, 'darwin')).toContain(join('Library', 'Application Support', 'Lapidary'));
  expect(dataFolder('/asked', { LAPIDARY_DATA_FOLDER: '/environment' }, 'linux')).toBe('/asked');
  expect(dataFolder(undefined, { LAPIDARY_DATA_FOLDER: '/environment' }, 'linux')).toBe('/environment');
});
