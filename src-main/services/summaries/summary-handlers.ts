// Serves the channels of summaries.
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import type { SummaryService } from './summary-service.ts';

type Channels = Extract<keyof Handlers<Contract>, `summaries.${string}`>;

export function summaryHandlers(summaries: () => SummaryService): Pick<Handlers<Contract>, Channels> {
  return {
    'summaries.list': ({ documentIds }) => summaries().list(documentIds),
    'summaries.start': (request, signal) => summaries().start(request, signal),
    'summaries.continue': ({ id }, signal) => summaries().continue(id, signal),
    'summaries.attach': ({ id }, signal) => summaries().attach(id, signal),
    'summaries.stop': ({ id }) => summaries().stop(id),
    'summaries.remove': ({ id }) => summaries().remove(id),
  };
}
