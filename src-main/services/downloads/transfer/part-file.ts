// A partial file on the disk with its journal, its map of blocks and its checksum. Bytes are recorded once they are in
// the hands of the system, so a killed process loses nothing; the disk is asked to keep them every few seconds.
import { open, rm, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { AppError } from '#contract/errors.ts';
import { BlockMap } from './block-map.ts';
import { Journal, journalPath, type FileIdentity } from './journal.ts';
import { ShaFrontier, type FrontierState } from './sha-frontier.ts';

/** Checksums of partial files, in the middle, for as long as nobody else changes the files. */
export class FrontierCache {
  readonly #states = new Map<string, { mark: string; state: FrontierState }>();

  async take(path: string, file: FileHandle): Promise<FrontierState | null> {
    const kept = this.#states.get(path);
    this.#states.delete(path);
    return kept?.mark === (await markOf(file)) ? kept.state : null;
  }

  async keep(path: string, file: FileHandle, state: FrontierState): Promise<void> {
    this.#states.set(path, { mark: await markOf(file), state });
  }
}

async function markOf(file: FileHandle): Promise<string> {
  const { ino, size, mtimeNs } = await file.stat({ bigint: true });
  return `${ino} ${size} ${mtimeNs}`;
}

export class PartFile {
  readonly path: string;
  readonly identity: FileIdentity;
  readonly map: BlockMap;
  readonly sha: ShaFrontier;
  readonly #file: FileHandle;
  readonly #journal: Journal;
  readonly #cache: FrontierCache;
  /** What is hashed may not be what is on the disk. */
  #spoilt = false;
  #syncing: Promise<void> | null = null;

  private constructor(
    path: string,
    { file, journal }: { file: FileHandle; journal: Journal },
    { cache, state }: { cache: FrontierCache; state: FrontierState | null },
  ) {
    const { identity, records } = journal.content;
    this.path = path;
    this.identity = identity;
    this.map = new BlockMap(identity.sizeBytes, records);
    this.sha = new ShaFrontier(
      {
        map: this.map,
        read: (into, position) => this.#read(into, position),
        onDamaged: (block) => this.forget(block),
      },
      state,
    );
    this.#file = file;
    this.#journal = journal;
    this.#cache = cache;
  }

  /** The one that is there; null when file or journal is missing or unreadable. Ends of blocks in the making are checked. */
  static async open(path: string, cache: FrontierCache): Promise<PartFile | null> {
    const file = await open(path, 'r+').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (!file) return null;
    const journal = Journal.open(journalPath(path));
    if (!journal) {
      await file.close();
      return null;
    }
    const part = new PartFile(path, { file, journal }, { cache, state: await cache.take(path, file) });
    await part.#checkUnfinishedBlocks();
    return part;
  }

  /** A new, empty one in the place of any other. */
  static async create(path: string, identity: FileIdentity, cache: FrontierCache): Promise<PartFile> {
    await rm(path, { force: true });
    const journal = Journal.create(journalPath(path), identity);
    const file = await open(path, 'w+').catch((error: unknown) => {
      journal.close();
      throw error;
    });
    return new PartFile(path, { file, journal }, { cache, state: null });
  }

  /** The bytes at `position`, which is where those of its block end; not beyond the block's end. */
  async write(position: number, bytes: Buffer): Promise<void> {
    const block = this.map.blockAt(position);
    if (position !== this.map.readyUntil(position))
      throw new Error(`Byte ${position} is not the next of its block`);
    const { doneBytes, crc: before } = this.map.get(block);
    const after = crc32(bytes, before);
    const writing = this.#writeAll(bytes, position);
    // The disk and the processor work at the same time.
    this.sha.offer(position, bytes, { before, after });
    await writing;
    this.#record(block, doneBytes + bytes.length, after);
  }

  /** Replaces a whole block. */
  async replace(block: number, bytes: Buffer): Promise<void> {
    await this.#writeAll(bytes, this.map.startOf(block));
    this.#record(block, bytes.length, crc32(bytes));
  }

  async readBlock(block: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(this.map.lengthOf(block));
    return bytes.subarray(0, await this.#read(bytes, this.map.startOf(block)));
  }

  /** The block has to be fetched again. */
  forget(block: number): void {
    this.#record(block, 0, 0);
  }

  /** Asks the disk to keep what has been written. One at a time; later calls join it. */
  sync(): Promise<void> {
    this.#syncing ??= this.#file
      .datasync()
      .then(() => this.#journal.sync())
      .finally(() => (this.#syncing = null));
    return this.#syncing;
  }

  /** All bytes are on the disk and their sha256 is the right one. */
  async markVerified(sha256: string): Promise<void> {
    await this.sync();
    await this.#file.sync();
    this.#journal.markVerified(sha256);
    await this.#journal.sync();
  }

  get verified(): string | null {
    return this.#journal.content.verified;
  }

  async inode(): Promise<bigint> {
    return (await this.#file.stat({ bigint: true })).ino;
  }

  async close(): Promise<void> {
    await this.#syncing?.catch(() => {}); // Who waits for it is told.
    if (!this.#spoilt) await this.#cache.keep(this.path, this.#file, this.sha.state).catch(() => {});
    this.#journal.close();
    await this.#file.close();
  }

  #record(block: number, doneBytes: number, crc: number): void {
    this.#journal.record(block, { doneBytes, crc });
    this.map.set(block, { doneBytes, crc });
  }

  async #writeAll(bytes: Buffer, position: number): Promise<void> {
    try {
      for (let done = 0; done < bytes.length;) {
        done += (await this.#file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
      }
    } catch (error) {
      this.#spoilt = true;
      throw error;
    }
  }

  async #read(into: Buffer, position: number): Promise<number> {
    return (await this.#file.read(into, 0, into.length, position)).bytesRead;
  }

  /** After a loss of power the journal may know more than the disk. Finished blocks are checked while they are hashed. */
  async #checkUnfinishedBlocks(): Promise<void> {
    for (let block = 0; block < this.map.count; block++) {
      const { doneBytes, crc } = this.map.get(block);
      if (doneBytes === 0 || doneBytes === this.map.lengthOf(block)) continue;
      const bytes = (await this.readBlock(block)).subarray(0, doneBytes);
      if (bytes.length === doneBytes && crc32(bytes) === crc) continue;
      this.forget(block);
      this.sha.restart();
    }
  }

  /** @throws AppError folder-missing when the file is no longer at its path. */
  async requirePlace(inodeAtPath: bigint | null): Promise<void> {
    if (inodeAtPath === (await this.inode())) return;
    throw new AppError('folder-missing', `${this.path} is gone`, { details: { path: this.path } });
  }
}
