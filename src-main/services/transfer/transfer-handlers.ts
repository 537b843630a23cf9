// The channels of taking conversations out and bringing them in.
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import type { TransferService } from './transfer-service.ts';

type Channels = Extract<keyof Handlers<Contract>, `transfer.${string}`>;

export function transferHandlers(transfer: () => TransferService): Pick<Handlers<Contract>, Channels> {
  return {
    'transfer.export': (wish, signal) => transfer().export(wish, signal),
    'transfer.import': ({ path }, signal) => transfer().import(path, signal),
    'transfer.page': ({ id, words }) => transfer().page(id, words),
    'transfer.stopImport': () => transfer().stopImport(),
  };
}
