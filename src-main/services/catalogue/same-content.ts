// Which installed model, and which download, is an entry of the catalogue. Pure.
import { basename } from 'node:path';
import type { CatalogueEntry } from '#contract/catalogue.ts';
import type { Download } from '#contract/downloads.ts';
import type { Model } from '#contract/models.ts';

type Sourced = Pick<CatalogueEntry, 'source' | 'id'>;

/**
 * The model with the same content. Without a checksum on both sides: the one that came from the same place, or a file of
 * the same name whose size is the same to the byte, as those of other apps.
 */
export function installedAs({ source }: Sourced, models: readonly Model[]): Model | null {
  const [file] = source.files;
  const found = models.find(({ fileState, path, sizeBytes, sha256, origin }) => {
    if (fileState !== 'present' || !file) return false;
    if (file.sha256 !== null && sha256 !== null) return file.sha256 === sha256;
    if (origin) return origin.repository === source.repository && origin.path === file.path;
    return sizeBytes === file.sizeBytes && basename(path) === basename(file.path);
  });
  return found ?? null;
}

/** The one that is not done yet. */
export function downloadOf(entry: Sourced, downloads: readonly Download[]): Download | null {
  const { repository, files } = entry.source;
  const found = downloads.find(({ catalogueId, source, state }) => {
    const samePlace = source.repository === repository && source.files[0]?.path === files[0]?.path;
    return state !== 'done' && (catalogueId === entry.id || samePlace);
  });
  return found ?? null;
}
