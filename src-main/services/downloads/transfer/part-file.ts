// A partial file on the disk with its journal, its map of blocks and its checksum. Bytes are recorded once they are in
// the hands of the system, so a killed process loses nothing; the disk is asked to keep them every few seconds.
import { writevSync } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { AppError } from '#contract/errors.ts';
import { BlockMap } from './block-map.ts';
import type { FileHasher } from './file-hashes.ts';
import { Journal, journalPath, type FileIdentity } from './journal.ts';
import { ShaFrontier } from './sha-frontier.ts';

export class PartFile {
  readonly path: string;
  readonly identity: FileIdentity;
  readonly map: BlockMap;
  readonly sha: ShaFrontier;
  readonly #file: FileHandle;
  readonly #journal: Journal;
  readonly #hasher: FileHasher;
  #syncing: Promise<void> | null = null;

  private constructor(
    path: string,
    { file, journal }: { file: FileHandle; journal: Journal },
    hasher: FileHasher,
  ) {
    const { identity, records } = journal.content;
    this.path = path;
    this.identity = identity;
    this.map = new BlockMap(identity.sizeBytes, records);
    this.sha = new ShaFrontier({
      path,
      map: this.map,
      hasher,
      compares: identity.sha256 === null,
      onDamaged: (block) => this.forget(block),
    });
    this.#file = file;
    this.#journal = journal;
    this.#hasher = hasher;
  }

  /** The one that is there; null when file or journal is missing or unreadable. Ends of blocks in the making are checked. */
  static async open(path: string, hasher: FileHasher): Promise<PartFile | null> {
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
    const part = await PartFile.#withHasher(path, { file, journal }, hasher);
    await part.#checkUnfinishedBlocks();
    return part;
  }

  /** A new, empty one in the place of any other. */
  static async create(path: string, identity: FileIdentity, hasher: FileHasher): Promise<PartFile> {
    await rm(path, { force: true });
    const journal = Journal.create(journalPath(path), identity);
    const file = await open(path, 'w+').catch((error: unknown) => {
      journal.close();
      throw error;
    });
    return PartFile.#withHasher(path, { file, journal }, hasher);
  }

  static async #withHasher(
    path: string,
    opened: { file: FileHandle; journal: Journal },
    hasher: FileHasher,
  ): Promise<PartFile> {
    try {
      await hasher.open(path);
      return new PartFile(path, opened, hasher);
    } catch (error) {
      opened.journal.close();
      await opened.file.close();
      throw error;
    }
  }

  /** The bytes at `position`, which is where those of its block end; not beyond the block's end. */
  write(position: number, pieces: Buffer[]): void {
    const block = this.map.blockAt(position);
    if (position !== this.map.readyUntil(position))
      throw new Error(`Byte ${position} is not the next of its block`);
    let { doneBytes, crc } = this.map.get(block);
    for (const piece of pieces) {
      crc = crc32(piece, crc);
      doneBytes += piece.length;
    }
    this.#writeAll(pieces, position);
    this.#record(block, doneBytes, crc);
    this.sha.noticeBytes();
  }

  /** Replaces a whole block. */
  replace(block: number, bytes: Buffer): void {
    this.#writeAll([bytes], this.map.startOf(block));
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
    await this.#syncing?.catch(() => {}); // It may have begun before the last bytes.
    await this.sync();
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
    await this.#hasher.close(this.path).catch(() => {}); // Its thread has stopped: the next one starts anew.
    this.#journal.close();
    await this.#file.close();
  }

  #record(block: number, doneBytes: number, crc: number): void {
    this.#journal.record(block, { doneBytes, crc });
    this.map.set(block, { doneBytes, crc });
  }

  /**
   * At once: this thread has nothing else to do, and what is not with the system yet dies with the process. A disk that
   * is slow slows the connections down.
   */
  #writeAll(pieces: Buffer[], position: number): void {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const bytesWritten = writevSync(this.#file.fd, pieces, position);
    if (bytesWritten === length) return;
    // A disk that is nearly full takes a part, and says why with the next one.
    const rest = Buffer.concat(pieces).subarray(bytesWritten);
    this.#writeAll([rest], position + bytesWritten);
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
    }
  }

  /** @throws AppError folder-missing when the file is no longer at its path. */
  async requirePlace(inodeAtPath: bigint | null): Promise<void> {
    if (inodeAtPath === (await this.inode())) return;
    throw new AppError('folder-missing', `${this.path} is gone`, { details: { path: this.path } });
  }
}
