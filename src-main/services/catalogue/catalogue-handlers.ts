// The catalogue channels.
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import { notStreamedYet } from '../not-built-yet.ts';

type Channels = Extract<keyof Handlers<Contract>, `catalogue.${string}`>;

export function catalogueHandlers(): Pick<Handlers<Contract>, Channels> {
  return {
    'catalogue.watch': notStreamedYet,
  };
}
