// The hardware channels.
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import { notBuiltYet, notStreamedYet } from '../not-built-yet.ts';

type Channels = Extract<keyof Handlers<Contract>, `hardware.${string}`>;

export function hardwareHandlers(): Pick<Handlers<Contract>, Channels> {
  return {
    'hardware.watch': notStreamedYet,
    'hardware.refresh': notBuiltYet,
    'hardware.exclude': notBuiltYet,
  };
}
