// Starts an engine or reader process under plain Node.
import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { portToChild, whenGone } from '#rpc/child-process-port.ts';
import type { Log } from '../../lib/log.ts';
import type { ChildStart } from '../child-environment.ts';
import type { ChildService } from '../host.ts';

/** What the process writes to stderr goes to the log. */
export function forkChild({ name, entry, environment }: ChildStart, log: Log): ChildService {
  const child = fork(entry, [], {
    env: environment,
    execArgv: [],
    serialization: 'json',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  // A process that could not be started says so here.
  child.on('error', (error) => log.error(`${name} process`, error));
  if (child.stderr) createInterface(child.stderr).on('line', (line) => log.info(`${name}: ${line}`));
  return {
    pid: child.pid,
    port: portToChild(child),
    kill: () => void child.kill('SIGKILL'),
    onExit: (exited) => whenGone(child, exited),
  };
}
