// The catalogue in every state, and what stands between "Download" and the queue.
import type { CatalogueEntry } from '#contract/catalogue.ts';
import { AppError, type ErrorCode } from '#contract/errors.ts';
import { Topic } from '../../../src-main/lib/topic.ts';
import { catalogueEntries, machine, manyEntries, unjudged } from '../fake-catalogue.ts';
import { fakeDownload, queueOf } from '../fake-downloads.ts';
import { press, see, type, type Scene } from './scene.ts';

const LONG = 'Gemma of a maker who could not stop naming it Instruct QAT Reasoning Distill v2.1-final';
const at = 'models/catalogue';

/** Some are here, some are on their way. */
function lived(entry: CatalogueEntry, index: number): CatalogueEntry {
  if (index === 12) return { ...entry, modelId: 2 };
  return index === 11 ? { ...entry, modelId: 1 } : entry;
}

function refusing(code: ErrorCode): NonNullable<Scene['handlers']> {
  return {
    'downloads.add': () => {
      throw new AppError(code, 'Refused', { details: { neededBytes: 5e9, freeBytes: 2e9 } });
    },
  };
}

export const catalogueScenes: Record<string, Scene> = {
  catalogue: { at },
  'catalogue-lived': {
    at,
    prepare: ({ catalogue, downloads }) => {
      catalogue.set(catalogueEntries.map(lived));
      const running = { state: 'running', bytesPerSecond: 11e6, secondsLeft: 240 } as const;
      downloads.set(
        queueOf([
          fakeDownload(2, 0.36, running),
          fakeDownload(5, 0.2, { state: 'paused' }),
          fakeDownload(14, 0.5, { state: 'failed', failure: { code: 'download-damaged' } }),
        ]),
      );
    },
  },
  'catalogue-retrieval': { at, steps: () => press('Finding passages', 'label') },
  'catalogue-nothing-fits': {
    at,
    prepare: ({ catalogue }) =>
      catalogue.set(catalogueEntries.filter(({ fit }) => fit.verdict === 'too-large')),
  },
  'catalogue-detecting': {
    at,
    prepare: (host) => {
      host.machine.set({ ...machine, state: 'detecting', detectedAt: null, best: null });
      host.catalogue.set(unjudged(catalogueEntries));
    },
  },
  'catalogue-loading': {
    at,
    handlers: { 'catalogue.watch': (_, signal) => new Topic<never>().listen(signal) },
  },
  'catalogue-error': {
    at,
    handlers: {
      // oxlint-disable-next-line require-yield -- it fails before its first word
      'catalogue.watch': async function* () {
        throw new AppError('internal', 'Made up');
      },
    },
  },
  'catalogue-no-result': { at, steps: () => type('Search by name', 'gemma 7') },
  'catalogue-long-names': {
    at,
    prepare: ({ catalogue }) =>
      catalogue.set(catalogueEntries.map((each, index) => (index < 6 ? { ...each, name: LONG } : each))),
  },
  'catalogue-many': { at, prepare: ({ catalogue }) => catalogue.set(manyEntries(60)) },
  'catalogue-details': { at, steps: () => press('Details of Gemma 4 E4B') },
  'catalogue-too-large': { at, steps: () => press('Details of Gemma 4 26B A4B') },
  licence: { at, steps: () => press('Download Gemma 3 4B, Q4_0, 2.4 GB') },
  account: {
    at,
    async steps() {
      await press('Download Gemma 3 4B, Q4_0, 2.4 GB');
      await press('I have read the terms and accept them', 'label');
      await press('Accept and download');
      await see('Access token');
    },
  },
  token: {
    at,
    prepare: ({ hub }) => hub.set({ ...hub.value, token: 'stored' }),
    steps: () => press('Access token…'),
  },
  'token-refused': {
    at,
    async steps() {
      await press('Access token…');
      await type('Access token', 'wrong');
      await press('Save the token');
    },
  },
  'problem-disk': { at, handlers: refusing('disk-full'), steps: () => press('Download Gemma 4 E4B') },
  'problem-offline': { at, handlers: refusing('offline'), steps: () => press('Download Gemma 4 E4B') },
};
