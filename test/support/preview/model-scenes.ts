// Scenes of the Models place: open them with `#/models/catalogue` or `#/models/downloads` at the end of the address.
import type { CatalogueEntry } from '#contract/catalogue.ts';
import type { FakeHost } from '../fake-api.ts';
import { catalogueEntries, machine, manyEntries, unjudged } from '../fake-catalogue.ts';
import { everyDownload, fakeDownload, queueOf } from '../fake-downloads.ts';

const LONG = 'Gemma of a maker who could not stop naming it Instruct QAT Reasoning Distill v2.1-final';

/** Entries on their way, here, and long ones. */
function lived(entry: CatalogueEntry, index: number): CatalogueEntry {
  if (index === 12) return { ...entry, modelId: 2 };
  if (index === 11) return { ...entry, modelId: 1 };
  return entry;
}

export const modelScenes: Record<string, (host: FakeHost) => void> = {
  detecting: (host) => {
    host.machine.set({ ...machine, state: 'detecting', detectedAt: null, best: null });
    host.catalogue.set(unjudged(catalogueEntries));
    setTimeout(() => {
      host.machine.set(machine);
      host.catalogue.set(catalogueEntries);
    }, 4000);
  },
  downloads: (host) => {
    host.downloads.set(queueOf(everyDownload()));
    host.catalogue.set(catalogueEntries.map(lived));
  },
  'one-download': (host) => {
    let share = 0.2;
    setInterval(() => {
      share = Math.min(1, share + 0.01);
      const how = { state: 'running', bytesPerSecond: 11e6, secondsLeft: 300 * (1 - share) } as const;
      host.downloads.set(queueOf([fakeDownload(2, share, share < 1 ? how : { state: 'done', modelId: 2 })]));
    }, 500);
  },
  'long-names': (host) => {
    const named = catalogueEntries.map((entry, index) => (index < 6 ? { ...entry, name: LONG } : entry));
    host.catalogue.set(named);
    host.downloads.set(queueOf(everyDownload().map((download) => ({ ...download, name: LONG }))));
  },
  many: (host) => host.catalogue.set(manyEntries(60)),
  'nothing-fits': (host) =>
    host.catalogue.set(catalogueEntries.filter(({ fit }) => fit.verdict === 'too-large')),
};
