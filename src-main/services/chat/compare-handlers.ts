// The channels of comparing two answers.
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import type { CompareService } from './compare-service.ts';

type CompareChannels = Extract<keyof Handlers<Contract>, `compare.${string}`>;

export function compareHandlers(compare: () => CompareService): Pick<Handlers<Contract>, CompareChannels> {
  return {
    'compare.start': (input) => compare().start(input),
    'compare.watch': ({ answerId }, signal) => compare().watch(answerId, signal),
    'compare.keep': ({ answerId }) => compare().keep(answerId),
  };
}
