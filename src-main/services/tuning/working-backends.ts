// Which backends a speed test takes when it is asked for all: those that were seen to work, detected first if need be.
import type { Backend } from '#contract/common.ts';
import type { HardwareService } from '../hardware/hardware-service.ts';

/** Best first, and never none: the processor is tried in any case. */
export async function workingBackends(
  hardware: Pick<HardwareService, 'machine' | 'refresh'>,
): Promise<Backend[]> {
  const { machine } = hardware;
  if (machine.value.best === null) await hardware.refresh();
  const working = machine.value.backends.filter(({ state }) => state === 'working');
  return working.length > 0 ? working.map(({ backend }) => backend) : ['cpu'];
}
