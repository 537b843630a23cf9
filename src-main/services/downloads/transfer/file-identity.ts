// Whether what the hub has now is what was begun, and what was wanted. Pure.
import type { ResolvedFile } from '../../hub/hub-types.ts';
import type { FileIdentity } from './journal.ts';

/** What a catalogue or a listing said before the download. */
export interface Wanted {
  repository: string;
  revision: string;
  path: string;
  sizeBytes: number | null;
  sha256: string | null;
}

/** `wrong`: not the file that was chosen; another checksum was promised. */
export type Comparison = 'same' | 'changed' | 'wrong';

export function identityOf(wanted: Wanted, found: ResolvedFile): FileIdentity {
  const { repository, revision, path } = wanted;
  const sha256 = wanted.sha256 ?? found.sha256;
  const etag = found.etag?.slice(0, 500) ?? null;
  return { repository, revision, path, commit: found.commit, sizeBytes: found.sizeBytes, sha256, etag };
}

export function compare(begun: FileIdentity, wanted: Wanted, found: ResolvedFile): Comparison {
  if (isWrong(wanted, found)) return 'wrong';
  if (begun.sizeBytes !== found.sizeBytes) return 'changed';
  if (wanted.sha256 !== null && begun.sha256 !== wanted.sha256) return 'changed';
  if (begun.sha256 !== null && found.sha256 !== null)
    return begun.sha256 === found.sha256 ? 'same' : 'changed';
  if (begun.etag !== null && found.etag !== null) return begun.etag === found.etag ? 'same' : 'changed';
  return 'same';
}

/** With a known checksum, other bytes are never what was wanted. Without one, a size is only what was told before. */
export function isWrong(wanted: Wanted, found: ResolvedFile): boolean {
  if (wanted.sha256 === null) return false;
  if (found.sha256 !== null) return found.sha256 !== wanted.sha256;
  return wanted.sizeBytes !== null && wanted.sizeBytes !== found.sizeBytes;
}
