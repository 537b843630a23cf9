// The hub's service on a real database, real requests and the fake Hugging Face; closed when the test ends.
import { onTestFinished } from 'vitest';
import { settings as settingsSchema, type Settings } from '#contract/settings.ts';
import type { AppDatabase } from '../../../../src-main/database/app-database.ts';
import type { Host } from '../../../../src-main/hosts/host.ts';
import { Watchable } from '../../../../src-main/lib/watchable.ts';
import { AccessToken } from '../../../../src-main/services/hub/access-token.ts';
import { HubService, type HubOptions } from '../../../../src-main/services/hub/hub-service.ts';
import { NetworkService } from '../../../../src-main/services/network/network-service.ts';
import type { HubServer } from '../../../support/hub-server/hub-control.ts';
import { startHubServer } from '../../../support/hub-server/hub-server.ts';
import { createPlace, openAt } from '../../database/database-fixture.ts';

export const QUIET = { info: () => {}, error: () => 'id', flush: async () => {} };
export const UNAVAILABLE = { unavailable: 'browser-mode' } as const;
export const NOBODY = new AbortController().signal;

export interface HubFixture {
  server: HubServer;
  hub: HubService;
  network: NetworkService;
  database: AppDatabase;
  settings: Watchable<Settings>;
}

interface FixtureOptions {
  secrets?: Host['capabilities']['secrets'];
  environment?: Record<string, string>;
  inspect?: HubOptions['inspect'];
}

export async function openHubFixture(options: FixtureOptions = {}): Promise<HubFixture> {
  const server = await startHubServer();
  const database = await openAt(createPlace());
  const settings = new Watchable(settingsSchema.parse({}));
  const environment = { HF_ENDPOINT: server.endpoint, ...options.environment };
  const network = new NetworkService({
    repository: database.network,
    endpoint: () => hub.endpoint().address,
    proxy: () => settings.value.proxy,
    systemProxy: UNAVAILABLE,
    environment: {},
    log: QUIET,
  });
  const token = new AccessToken({
    repository: database.secrets,
    secrets: options.secrets ?? UNAVAILABLE,
    environment,
    log: QUIET,
  });
  const hub: HubService = new HubService({
    network,
    token,
    settings,
    environment,
    inspect: options.inspect ?? (() => Promise.reject(new Error('No engine in this test'))),
    judge: async ({ memory }) => ({
      fit: { verdict: 'cpu', need: memory, gpuLayers: null, freeGpuBytes: null, fitsWhenFree: true },
      speed: null,
    }),
  });
  onTestFinished(async () => {
    await network.close();
    await server.close();
  });
  return { server, hub, network, database, settings };
}

/** A small file's content. */
export const text = (words: string) =>
  ({ kind: 'base64', data: Buffer.from(words).toString('base64') }) as const;
