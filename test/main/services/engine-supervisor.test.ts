// The supervisor's bookkeeping: an engine process that nobody remembers keeps its memory for ever.
import { expect, test } from 'vitest';
import { AppError } from '#contract/errors.ts';
import { createMemoryPorts } from '#rpc/message-port.ts';
import type { ChildService } from '../../../src-main/hosts/host.ts';
import { EngineSupervisor } from '../../../src-main/services/inference/engine-supervisor.ts';

/** Processes that never answer; killing one closes its port. */
function createSilentProcesses() {
  const alive = new Set<number>();
  let started = 0;
  const start = (): ChildService => {
    const pid = ++started;
    alive.add(pid);
    const [near, far] = createMemoryPorts();
    let exited: (code: number | null) => void = () => {};
    return {
      pid,
      port: near,
      onExit: (told) => void (exited = told),
      kill() {
        alive.delete(pid);
        exited(null);
        far.close();
      },
    };
  };
  return { alive, start };
}

test('stopped and asked for again while starting: no process is forgotten', async () => {
  const { alive, start } = createSilentProcesses();
  const log = { info: () => {}, error: () => 'id', flush: async () => {} };
  const supervisor = new EngineSupervisor({
    start,
    platform: 'linux',
    backend: 'cpu',
    log,
    onCrash: () => {},
  });
  const first = supervisor.engine();
  supervisor.stop();
  const second = supervisor.engine();
  await expect(first).rejects.toBeInstanceOf(AppError);
  expect(supervisor.engine()).toBe(second);
  supervisor.stop();
  await expect(second).rejects.toBeInstanceOf(AppError);
  expect(alive.size).toBe(0);
});
