// How things stand with one catalogue entry on this computer: what its button does depends on it.
import type { CatalogueEntry } from '#contract/catalogue.ts';
import type { Download } from '#contract/downloads.ts';
import type { Stores } from '../../../stores/stores.ts';

export type EntryState =
  | { kind: 'available' }
  | { kind: 'download'; download: Download }
  /** Here; `loadable` is false for models that only find passages. */
  | { kind: 'installed'; modelId: number; loadable: boolean }
  | { kind: 'loading'; progress: number | null }
  | { kind: 'loaded' };

/** Reads the live stores: call it inside a `$derived`. */
export function entryState(entry: CatalogueEntry, { downloads, engine }: Stores): EntryState {
  const download =
    downloads.find(entry.downloadId) ?? downloads.list.find(({ catalogueId }) => catalogueId === entry.id);
  const modelId = entry.modelId ?? (download?.state === 'done' ? download.modelId : null);
  if (modelId !== null) return installedState(entry, modelId, engine.status);
  if (download && download.state !== 'done') return { kind: 'download', download };
  return { kind: 'available' };
}

function installedState(
  entry: CatalogueEntry,
  modelId: number,
  status: Stores['engine']['status'],
): EntryState {
  const mine = status?.modelId === modelId ? status : null;
  if (mine?.state === 'ready' || mine?.state === 'generating') return { kind: 'loaded' };
  if (mine?.state === 'loading' || mine?.state === 'starting') {
    return { kind: 'loading', progress: mine.state === 'loading' ? mine.loadProgress : null };
  }
  return { kind: 'installed', modelId, loadable: entry.purposes.some((purpose) => purpose !== 'retrieval') };
}
