// The hub channels.
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import type { HubService } from './hub-service.ts';

type Channels = Extract<keyof Handlers<Contract>, `hub.${string}`>;

export function hubHandlers(hub: () => HubService): Pick<Handlers<Contract>, Channels> {
  return {
    'hub.open': ({ address }, signal) => hub().open(address, signal),
    'hub.search': ({ query }, signal) => hub().search(query, signal),
    'hub.inspect': ({ source }, signal) => hub().inspect(source, signal),
    'hub.watch': (_, signal) => hub().watch(signal),
    'hub.setToken': ({ token }, signal) => hub().setToken(token, signal),
  };
}
