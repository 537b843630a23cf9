// Starts an engine process under plain Node.
import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { portToChild, whenGone } from '#rpc/child-process-port.ts';
import type { Log } from '../../lib/log.ts';
import { engineEnvironment } from '../engine-environment.ts';
import type { ChildService } from '../host.ts';
import { engineEntry } from '../places.ts';

/** What the engine writes to stderr goes to the log. */
export function forkEngine(environment: Record<string, string>, log: Log): ChildService {
  const child = fork(engineEntry(), [], {
    env: engineEnvironment(environment),
    execArgv: [],
    serialization: 'json',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  // A process that could not be started says so here.
  child.on('error', (error) => log.error('Engine process', error));
  if (child.stderr) createInterface(child.stderr).on('line', (line) => log.info(`Engine: ${line}`));
  return {
    pid: child.pid,
    port: portToChild(child),
    kill: () => void child.kill('SIGKILL'),
    onExit: (exited) => whenGone(child, exited),
  };
}
