// What the hub tells about a file that is to be fetched.
import type { DownloadSource } from '#contract/downloads.ts';

/** Where the bytes of one file are now. */
export interface ResolvedFile {
  /** Of the bytes: a signed link that is good for a while, or the hub's own address for small files. */
  url: string;
  /** To be sent along to `url`: set only where the hub itself serves the bytes. */
  token: string | null;
  sizeBytes: number;
  /** Known for large files (LFS, Xet). */
  sha256: string | null;
  /** As the hub gave it, without quotes; the one that `url` answers with may be another. */
  etag: string | null;
  /** 40 hex digits, where the hub names it. */
  commit: string | null;
}

/** What names a revision of a repository; a DownloadSource does. */
export type RevisionSource = Pick<DownloadSource, 'repository' | 'revision'>;
