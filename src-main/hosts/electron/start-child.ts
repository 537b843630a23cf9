// Starts an engine or reader process as an Electron utility process.
import { utilityProcess } from 'electron';
import { createInterface } from 'node:readline';
import type { Log } from '../../lib/log.ts';
import type { ChildStart } from '../child-environment.ts';
import type { ChildService } from '../host.ts';

/** What the process writes to stderr goes to the log. */
export function startChild({ name, entry, environment }: ChildStart, log: Log): ChildService {
  const child = utilityProcess.fork(entry, [], {
    env: environment,
    execArgv: [],
    serviceName: `Lapidary ${name}`,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (child.stderr) {
    createInterface(child.stderr).on('line', (line) => log.info(`${name}: ${line}`));
  }
  return {
    get pid() {
      return child.pid;
    },
    port: {
      send: (message) => child.postMessage(message),
      onMessage: (receive) => void child.on('message', receive),
      onClose: (closed) => void child.once('exit', closed),
    },
    kill() {
      // Before it has started there is nothing to kill yet.
      if (child.pid === undefined) child.once('spawn', () => killAtOnce(child.pid));
      else if (!killAtOnce(child.pid)) child.kill();
    },
    onExit: (exited) => void child.once('exit', (code) => exited(code)),
  };
}

/** The utility process's own kill asks politely; a native loop would not hear it. */
function killAtOnce(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 'SIGKILL');
  } catch {
    return false; // It has ended by itself.
  }
}
