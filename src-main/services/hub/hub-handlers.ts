// The hub channels.
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import { notBuiltYet, notStreamedYet } from '../not-built-yet.ts';

type Channels = Extract<keyof Handlers<Contract>, `hub.${string}`>;

export function hubHandlers(): Pick<Handlers<Contract>, Channels> {
  return {
    'hub.open': notBuiltYet,
    'hub.search': notBuiltYet,
    'hub.inspect': notBuiltYet,
    'hub.watch': notStreamedYet,
    'hub.setToken': notBuiltYet,
  };
}
