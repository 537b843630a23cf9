// What has to be true before a download is taken into the queue.
import type { DownloadSource } from '#contract/downloads.ts';
import { AppError } from '#contract/errors.ts';
import type { Model } from '#contract/models.ts';
import type { DownloadEntry } from './download-list.ts';
import type { Folders } from './download-place.ts';

export interface Admission {
  name: string;
  source: DownloadSource;
  catalogueId: string | null;
  acceptedLicence: string | null;
}

export interface AdmissionRules {
  /** The terms that a file of the catalogue comes under; null when it has none to accept. */
  termsOf: (catalogueId: string) => string | null;
  folders: () => Folders;
  /** Null when nobody can tell. */
  freeBytes: (folder: string) => Promise<number | null>;
  /** What stays free on the disk for everybody else. */
  tuning: { spareBytes: number };
}

/** @throws AppError licence-not-accepted */
export function requireAccepted(
  { name, catalogueId, acceptedLicence }: Admission,
  { termsOf }: Pick<AdmissionRules, 'termsOf'>,
): void {
  const terms = catalogueId === null ? null : termsOf(catalogueId);
  if (terms === null || acceptedLicence === terms) return;
  throw new AppError('licence-not-accepted', `${name} comes under ${terms}`, { details: { name } });
}

/** @throws AppError model-already-added when the same bytes are a model already */
export function requireNew({ repository, revision, files }: DownloadSource, models: readonly Model[]): void {
  const [first] = files;
  const same = models.find(({ fileState, sha256, origin }) => {
    if (fileState !== 'present') return false;
    if (sha256 !== null && first?.sha256 != null) return sha256 === first.sha256;
    const sameRevision = origin?.repository === repository && origin.revision === revision;
    return sameRevision && origin.path === first?.path;
  });
  if (!same) return;
  throw new AppError('model-already-added', `${same.name} is there`, { details: { name: same.name } });
}

/** The download of the same files that is not done yet. */
export function unfinished(source: DownloadSource, entries: readonly DownloadEntry[]): DownloadEntry | null {
  const keyOf = ({ repository, revision, files }: DownloadSource): string =>
    JSON.stringify([repository, revision, files.map(({ path }) => path)]);
  return entries.find(({ row }) => row.state !== 'done' && keyOf(row.source) === keyOf(source)) ?? null;
}

/** @throws AppError disk-full (neededBytes, freeBytes) */
export async function requireRoom(
  { files }: DownloadSource,
  { folders, freeBytes, tuning }: Pick<AdmissionRules, 'folders' | 'freeBytes' | 'tuning'>,
): Promise<void> {
  const neededBytes = files.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0);
  const free = await freeBytes(folders().modelsFolder);
  if (free === null || free >= neededBytes + tuning.spareBytes) return;
  throw new AppError('disk-full', 'No room for this model', { details: { neededBytes, freeBytes: free } });
}
