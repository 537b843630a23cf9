// Starts the built app in browser mode on a folder of its own, as a person would, and reaches it as the page does.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { WebSocket } from 'ws';
import type { Contract } from '#contract/index.ts';
import { createClient, type Client } from '#rpc/client.ts';
import { reasonToBuild } from '../../src-main/hosts/build.ts';
import { readInstance } from '../../src-main/hosts/instance-lock.ts';

const BUILT = fileURLToPath(new URL('../../dist/main/browser.js', import.meta.url));

/** Browser mode with an engine that writes 100 tokens a second and needs no model, run from the sources. */
export const PACED_APP = fileURLToPath(new URL('paced-main.ts', import.meta.url));

export interface RunningApp {
  /** The one-time address that was printed. */
  readonly url: string;
  readonly pid: number;
  readonly dataFolder: string;
  /** Everything it has printed so far. */
  logs(): string;
  /** A connection without a page; ends with the app. */
  connect(): Promise<Client<Contract>>;
  /** Ends it and waits for that: as Ctrl+C does, or at once and for certain. */
  kill(signal?: 'SIGINT' | 'SIGKILL'): Promise<void>;
}

interface StartOptions {
  /** Data of an earlier start; a fresh temporary folder otherwise. */
  dataFolder?: string;
  environment?: Record<string, string>;
  /** What to run instead of the built app. */
  entry?: string;
  /** Arguments of Node itself. */
  nodeArguments?: string[];
}

export async function startApp(options: StartOptions = {}): Promise<RunningApp> {
  const { entry = BUILT, nodeArguments = [] } = options;
  if (!existsSync(entry)) throw new Error(`${entry} is missing: "npm run build" makes it`);
  const dataFolder = options.dataFolder ?? temporaryFolder();
  const child = spawn(process.execPath, [...nodeArguments, entry, '--no-open', '--data-folder', dataFolder], {
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stdout.on('data', (data: Buffer) => (printed += data.toString()));
  child.stderr.on('data', (data: Buffer) => (printed += data.toString()));
  const url = await addressOf(child, () => printed);
  return {
    url,
    pid: child.pid ?? 0,
    dataFolder,
    logs: () => printed,
    connect: () => connectTo(dataFolder),
    async kill(signal = 'SIGKILL') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    },
  };
}

/** Builds the app when its sources are newer than what is built. In a process of its own, away from the test runner. */
export async function ensureBuilt(): Promise<void> {
  if (!(await reasonToBuild())) return;
  const build = fileURLToPath(new URL('../../src-main/hosts/build.ts', import.meta.url));
  await promisify(execFile)(process.execPath, [build]);
}

/** A fresh folder for data; `removeFolder` takes it away. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'lapidary-e2e-'));
}

/** Removes it, patiently: on Windows a file stays locked a moment after its process has ended. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

function addressOf(child: ChildProcess, printed: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const address = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/.exec(printed())?.[0];
      if (address) resolve(address);
    };
    child.stdout?.on('data', look);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The app ended with ${code}:\n${printed()}`)));
  });
}

/** The secret of the lock file lets in every process of the same person. */
async function connectTo(dataFolder: string): Promise<Client<Contract>> {
  const instance = readInstance(dataFolder);
  if (!instance?.port) throw new Error('The app is not running');
  const socket = new WebSocket(`ws://127.0.0.1:${instance.port}/socket`, {
    headers: { authorization: `Bearer ${instance.secret}` },
  });
  await once(socket, 'open');
  return createClient<Contract>({
    send: (message) => socket.send(JSON.stringify(message)),
    onMessage: (receive) => socket.on('message', (data: Buffer) => receive(JSON.parse(data.toString()))),
    onClose: (closed) => socket.once('close', closed),
  });
}
