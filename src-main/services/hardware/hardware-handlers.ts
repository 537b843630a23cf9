// The hardware channels.
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import type { HardwareService } from './hardware-service.ts';

type Channels = Extract<keyof Handlers<Contract>, `hardware.${string}`>;

export function hardwareHandlers(hardware: () => HardwareService): Pick<Handlers<Contract>, Channels> {
  return {
    'hardware.watch': (_, signal) => hardware().watch(signal),
    'hardware.refresh': () => hardware().refresh(),
    'hardware.exclude': ({ backend, gpu, excluded }) => hardware().exclude(backend, gpu, excluded),
  };
}
