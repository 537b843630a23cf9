// The part of the fake host where models come from: hardware, catalogue, Hugging Face and downloads.
import type { CatalogueEntry, HubStatus, RemoteRepository } from '#contract/catalogue.ts';
import type { Contract } from '#contract/index.ts';
import type { Download, DownloadQueue } from '#contract/downloads.ts';
import { AppError } from '#contract/errors.ts';
import type { Machine } from '#contract/hardware.ts';
import type { Handlers } from '#rpc/define.ts';
import type { Watchable } from '../../src-main/lib/watchable.ts';
import { catalogueEntries, catalogueFor } from './fake-catalogue.ts';
import { header } from './fake-data.ts';
import { queueOf } from './fake-downloads.ts';

interface StoreState {
  machine: Watchable<Machine>;
  catalogue: Watchable<CatalogueEntry[]>;
  downloads: Watchable<DownloadQueue>;
  hub: Watchable<HubStatus>;
}

const REVISION = 'fedcba9876543210fedcba9876543210fedcba98';
const GB = 1024 ** 3;

/** A repository with a split model and one of unknown size. */
export const remoteRepository: RemoteRepository = {
  repository: 'example/gemma-3-27b-it-GGUF',
  revision: REVISION,
  licence: 'gemma',
  gated: false,
  downloads: 18_400,
  models: (
    [
      ['Q2_K', 9.8, 1],
      ['Q4_0', 14.8, 1],
      ['Q8_0', 26.7, 1],
      ['BF16', 50.3, 3],
      [null, null, 1],
    ] as const
  ).map(([quantization, gigabytes, parts]) => ({
    name: `gemma-3-27b-it${quantization ? `-${quantization}` : ''}`,
    quantization,
    sizeBytes: gigabytes === null ? null : gigabytes * GB,
    source: {
      repository: 'example/gemma-3-27b-it-GGUF',
      revision: REVISION,
      files: Array.from({ length: parts }, (_, part) => ({
        path: `gemma-3-27b-it-${quantization ?? 'x'}-${part}.gguf`,
        sizeBytes: gigabytes === null ? null : Math.round((gigabytes * GB) / parts),
        sha256: null,
      })),
    },
  })),
  named: null,
};

/** Handlers over `state`; a download that is added waits for ever. */
export function storeHandlers(state: StoreState) {
  return {
    'hardware.watch': (_, signal) => state.machine.watch(signal),
    'hardware.refresh': () => undefined,
    'hardware.exclude': () => undefined,
    async *'catalogue.watch'({ purpose }, signal) {
      for await (const entries of state.catalogue.watch(signal)) yield catalogueFor(purpose, entries);
    },
    ...hubHandlers(state),
    ...downloadHandlers(state),
  } satisfies Partial<Handlers<Contract>>;
}

function hubHandlers(state: StoreState) {
  return {
    'hub.watch': (_, signal) => state.hub.watch(signal),
    'hub.open': ({ address }) => {
      if (!address.includes('/')) throw new AppError('hub-address', 'Not an address');
      return remoteRepository;
    },
    'hub.search': ({ query }) =>
      [18_400, 2300, 12].map((downloads, index) => ({
        repository: `example${index}/${query.replaceAll(/\W+/g, '-')}-GGUF`,
        downloads,
        likes: Math.round(downloads / 40),
        updatedAt: Date.UTC(2026, 4 - index, 3),
        gated: index === 1,
      })),
    'hub.inspect': () => {
      const { fit, speed } = catalogueEntries[6] as CatalogueEntry;
      return { header: { ...header, architecture: 'gemma3', name: 'Gemma 3 27B Instruct' }, fit, speed };
    },
    'hub.setToken': ({ token }) => {
      if (token !== null && !token.startsWith('hf_'))
        throw new AppError('hub-token-refused', 'Unknown token');
      state.hub.set({ ...state.hub.value, token: token === null ? 'none' : 'session' });
    },
  } satisfies Partial<Handlers<Contract>>;
}

function downloadHandlers({ downloads }: StoreState) {
  const change = (id: number, how: Partial<Download>): void =>
    downloads.set(queueOf(downloads.value.list.map((each) => (each.id === id ? { ...each, ...how } : each))));
  return {
    'downloads.watch': (_, signal) => downloads.watch(signal),
    'downloads.add': ({ name, source, catalogueId }) => {
      const totalBytes = source.files[0]?.sizeBytes ?? null;
      const download: Download = {
        id: downloads.value.list.length + 1,
        name,
        source,
        catalogueId,
        state: 'waiting',
        files: source.files.map(({ path, sizeBytes }) => ({ path, sizeBytes, doneBytes: 0 })),
        totalBytes,
        doneBytes: 0,
        bytesPerSecond: null,
        secondsLeft: null,
        connections: 0,
        failure: null,
        retryAt: null,
        modelId: null,
        addedAt: Date.now(),
      };
      downloads.set(queueOf([...downloads.value.list, download]));
      return download;
    },
    'downloads.pause': ({ id }) => change(id, { state: 'paused', bytesPerSecond: null, secondsLeft: null }),
    'downloads.resume': ({ id }) => change(id, { state: 'waiting', failure: null, retryAt: null }),
    'downloads.cancel': ({ id }) =>
      downloads.set(queueOf(downloads.value.list.filter((each) => each.id !== id))),
    'downloads.move': ({ id, position }) => {
      const rest = downloads.value.list.filter((each) => each.id !== id);
      const moved = downloads.value.list.find((each) => each.id === id);
      if (moved) downloads.set(queueOf(rest.toSpliced(position, 0, moved)));
    },
  } satisfies Partial<Handlers<Contract>>;
}
