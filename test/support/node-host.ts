// The smallest host for tests without a window: real engine and reader processes under Node, nothing native.
import { fork } from 'node:child_process';
import { portToChild, whenGone } from '#rpc/child-process-port.ts';
import type { ChildService, Host } from '../../src-main/hosts/host.ts';

const ENGINE = new URL('../../src-main/engine/main.ts', import.meta.url);
const READER = new URL('../../src-main/reader/main.ts', import.meta.url);
const unavailable = { unavailable: 'browser-mode' } as const;

export interface TestHost extends Host {
  /** Every engine process started so far, the newest last. */
  readonly engines: ChildService[];
  readonly openedLinks: string[];
  /** What the dock or taskbar was told, the newest last. */
  readonly taskbar: (number | null)[];
}

/** `environment` is added to that of every engine process. */
export function createTestHost(environment: Record<string, string> = {}): TestHost {
  const engines: ChildService[] = [];
  const openedLinks: string[] = [];
  const taskbar: (number | null)[] = [];
  return {
    kind: 'browser',
    engines,
    openedLinks,
    taskbar,
    startEngine(added) {
      const engine = startChild(ENGINE, { ...process.env, ...environment, ...added });
      engines.push(engine);
      return engine;
    },
    startReader: () => startChild(READER, process.env),
    openExternal: async (url) => void openedLinks.push(url),
    capabilities: {
      openDialog: unavailable,
      folderDialog: unavailable,
      fileManager: unavailable,
      taskbarProgress: { show: (progress) => void taskbar.push(progress) },
      systemProxy: unavailable,
      globalShortcut: unavailable,
      tray: unavailable,
      secrets: unavailable,
      updates: unavailable,
    },
  };
}

/** A real process under Node that runs `entry`; `execArgv` are arguments of Node's own. */
export function startChild(entry: URL, env: NodeJS.ProcessEnv, execArgv: string[] = []): ChildService {
  const child = fork(entry, [], { env, execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return {
    pid: child.pid,
    port: portToChild(child),
    kill: () => void child.kill('SIGKILL'),
    onExit: (exited) => whenGone(child, exited),
  };
}
