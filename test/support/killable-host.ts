// Starts, asks and kills the host process of host-process.ts.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Contract } from '#contract/index.ts';
import { portToChild } from '#rpc/child-process-port.ts';
import { createClient, type Client } from '#rpc/client.ts';

const ENTRY = new URL('./host-process.ts', import.meta.url);

export interface KillableHost {
  client: Client<Contract>;
  pid: number;
  /** SIGSTOP: nothing happens in it any more, and its connections stay as they are. Not on Windows. */
  freeze(): void;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
}

export function startKillableHost(dataFolder: string): KillableHost {
  const child = fork(ENTRY, [dataFolder], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return {
    client: createClient<Contract>(portToChild(child)),
    pid: child.pid ?? 0,
    freeze: () => void (process.platform !== 'win32' && child.kill('SIGSTOP')),
    async kill() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
