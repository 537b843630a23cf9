// The catalogue channels.
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import type { CatalogueService } from './catalogue-service.ts';

type Channels = Extract<keyof Handlers<Contract>, `catalogue.${string}`>;

export function catalogueHandlers(catalogue: () => CatalogueService): Pick<Handlers<Contract>, Channels> {
  return {
    'catalogue.watch': ({ purpose }, signal) => catalogue().watch(purpose, signal),
  };
}
