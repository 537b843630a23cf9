// The downloads channels.
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import { notBuiltYet, notStreamedYet } from '../not-built-yet.ts';

type Channels = Extract<keyof Handlers<Contract>, `downloads.${string}`>;

export function downloadHandlers(): Pick<Handlers<Contract>, Channels> {
  return {
    'downloads.watch': notStreamedYet,
    'downloads.add': notBuiltYet,
    'downloads.pause': notBuiltYet,
    'downloads.resume': notBuiltYet,
    'downloads.cancel': notBuiltYet,
    'downloads.move': notBuiltYet,
  };
}
