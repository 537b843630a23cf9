// Wires what reaches beyond this machine: the network with its ledger, the token, the hub.
import type { Settings } from '#contract/settings.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import type { Host } from '../../hosts/host.ts';
import type { Log } from '../../lib/log.ts';
import type { Watchable } from '../../lib/watchable.ts';
import { NetworkService } from '../network/network-service.ts';
import { AccessToken } from './access-token.ts';
import { hubEndpoint } from './hub-endpoint.ts';
import { HubService, type HubOptions } from './hub-service.ts';

interface OpenHubOptions extends Pick<HubOptions, 'inspect' | 'judge'> {
  database: AppDatabase;
  settings: Watchable<Settings>;
  host: Host;
  now: () => number;
  log: Log;
}

export function openHub(options: OpenHubOptions): { network: NetworkService; hub: HubService } {
  const { database, settings, host, now, log, inspect, judge } = options;
  const environment = process.env;
  const { secrets, systemProxy } = host.capabilities;
  const network = new NetworkService({
    repository: database.network,
    endpoint: () => hubEndpoint(settings.value.hubMirror, environment).address,
    proxy: () => settings.value.proxy,
    systemProxy,
    environment,
    now,
    log,
  });
  const token = new AccessToken({ repository: database.secrets, secrets, environment, log });
  const hub = new HubService({ network, token, settings, environment, inspect, judge });
  return { network, hub };
}
