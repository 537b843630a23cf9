// Keeps the engine true to what was detected and to what the person wants left alone.
import type { Backend } from '#contract/common.ts';
import type { Machine } from '#contract/hardware.ts';
import type { EngineSupervisor } from '../inference/engine-supervisor.ts';
import { VISIBLE_DEVICES } from './gpu-choice.ts';
import type { HardwareService } from './hardware-service.ts';

interface Followed {
  hardware: Pick<HardwareService, 'machine' | 'excludedBackends' | 'deviceEnvironment'>;
  supervisor: Pick<EngineSupervisor, 'state' | 'backends'>;
  /** Ends the engine and loads its model again. */
  restart: () => Promise<void>;
}

/** Until the signal aborts. The engine starts anew only when what it runs on, or should run on, has changed. */
export async function followMachine(
  { hardware, supervisor, restart }: Followed,
  signal: AbortSignal,
): Promise<void> {
  let known = look(hardware.machine.value);
  for await (const machine of hardware.machine.watch(signal)) {
    // While a better one is still being asked, the best so far means nothing.
    if (machine.state === 'detecting' && machine.detectedAt !== null) continue;
    const before = known;
    known = look(machine);
    const running = supervisor.state.value.info?.backend ?? null;
    const broken = brokenBackends(machine).filter((backend) => backend !== running);
    supervisor.backends.learn(known.best, known.excluded, broken);
    if (running === null) continue;
    const { wanted, fallback } = supervisor.backends;
    // What runs stays, though its check failed: perhaps only because the loaded model left the check no memory.
    const proved = brokenBackends(machine).includes(running);
    const free = wanted === 'automatic' && !fallback && !proved;
    const elsewhere = free && known.best !== null && known.best !== before.best && known.best !== running;
    const leftAlone = known.excluded.includes(running) && !before.excluded.includes(running);
    const sees = seenBy(running, before.devices) !== seenBy(running, known.devices);
    // A model that no longer loads shows in the engine's status.
    if (elsewhere || leftAlone || sees) await restart().catch(() => {});
  }

  function look({ best }: Machine) {
    return { best, excluded: hardware.excludedBackends(), devices: hardware.deviceEnvironment() };
  }
}

function brokenBackends({ backends }: Machine): Backend[] {
  return backends.flatMap(({ backend, state }) => (state === 'failed' || state === 'missing' ? backend : []));
}

/** What a process on this backend may see; undefined: everything. */
function seenBy(backend: Backend, environment: Record<string, string>): string | undefined {
  return backend === 'cuda' || backend === 'vulkan' ? environment[VISIBLE_DEVICES[backend]] : undefined;
}
