// What is known of a partial file, in a file beside it, so that both can be unplugged and come back: who it is, and for
// each block how much is there and its crc32. Every written piece is recorded with one tiny write that a killed process
// can't leave half done; each record checks itself, so that after a loss of power a torn one only loses its block.
import { closeSync, openSync, readFileSync, writeSync, fdatasync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { blockCount, BLOCK_BYTES, type BlockRecord } from './block-map.ts';

const MAGIC = 'LAPIDARY PART 1\n';
const IDENTITY_AT = 32;
const VERIFIED_AT = 4096;
const VERIFIED_BYTES = 36;
const TABLE_AT = 8192;
const RECORD_BYTES = 16;

/** Which bytes these are. */
const fileIdentity = z.object({
  repository: z.string(),
  revision: z.string(),
  path: z.string(),
  commit: z.string().nullable(),
  sizeBytes: z.int().positive(),
  sha256: z.string().nullable(),
  etag: z.string().max(500).nullable(),
});
export type FileIdentity = z.output<typeof fileIdentity>;

export interface JournalContent {
  identity: FileIdentity;
  records: BlockRecord[];
  /** The sha256 of the whole file, once it has been found right. */
  verified: string | null;
}

export function journalPath(partPath: string): string {
  return `${partPath}.journal`;
}

/** Null when there is no journal, or none that can be trusted. */
export async function readJournal(path: string): Promise<JournalContent | null> {
  return decodeJournal(await readFile(path).catch(() => Buffer.alloc(0)));
}

export class Journal {
  readonly content: JournalContent;
  readonly #handle: number;

  private constructor(handle: number, content: JournalContent) {
    this.#handle = handle;
    this.content = content;
  }

  /** The journal that is there; null as in `readJournal`. */
  static open(path: string): Journal | null {
    try {
      const content = decodeJournal(readFileSync(path));
      return content && new Journal(openSync(path, 'r+'), content);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /** A new one in the place of any other. */
  static create(path: string, identity: FileIdentity): Journal {
    const handle = openSync(path, 'w+');
    writeSync(handle, encodeHead(identity), 0, undefined, 0);
    return new Journal(handle, { identity, records: [], verified: null });
  }

  record(block: number, { doneBytes, crc }: BlockRecord): void {
    const bytes = Buffer.alloc(RECORD_BYTES);
    bytes.writeUInt32LE(doneBytes, 0);
    bytes.writeUInt32LE(crc, 4);
    bytes.writeUInt32LE(checkOf(bytes, block), 8);
    writeSync(this.#handle, bytes, 0, RECORD_BYTES, TABLE_AT + block * RECORD_BYTES);
  }

  markVerified(sha256: string): void {
    const bytes = Buffer.alloc(VERIFIED_BYTES);
    bytes.write(sha256, 'hex');
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 32)), 32);
    writeSync(this.#handle, bytes, 0, VERIFIED_BYTES, VERIFIED_AT);
  }

  sync(): Promise<void> {
    return promisify(fdatasync)(this.#handle);
  }

  close(): void {
    closeSync(this.#handle);
  }
}

function encodeHead(identity: FileIdentity): Buffer {
  const text = Buffer.from(JSON.stringify(identity));
  const head = Buffer.alloc(TABLE_AT);
  head.write(MAGIC, 'latin1');
  head.writeUInt32LE(BLOCK_BYTES, 16);
  head.writeUInt32LE(text.length, 20);
  head.writeUInt32LE(crc32(text), 24);
  text.copy(head, IDENTITY_AT);
  return head;
}

export function decodeJournal(bytes: Buffer): JournalContent | null {
  if (bytes.length < TABLE_AT || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return null;
  if (bytes.readUInt32LE(16) !== BLOCK_BYTES) return null;
  const text = bytes.subarray(IDENTITY_AT, Math.min(IDENTITY_AT + bytes.readUInt32LE(20), VERIFIED_AT));
  if (crc32(text) !== bytes.readUInt32LE(24)) return null;
  const identity = fileIdentity.safeParse(JSON.parse(text.toString())).data;
  if (!identity) return null;
  const records = Array.from({ length: blockCount(identity.sizeBytes) }, (_, block) =>
    decodeRecord(bytes, block),
  );
  const sha256 = bytes.subarray(VERIFIED_AT, VERIFIED_AT + 32);
  const verified =
    sha256.some((byte) => byte !== 0) && crc32(sha256) === bytes.readUInt32LE(VERIFIED_AT + 32);
  return { identity, records, verified: verified ? sha256.toString('hex') : null };
}

function decodeRecord(bytes: Buffer, block: number): BlockRecord {
  const at = TABLE_AT + block * RECORD_BYTES;
  const record = bytes.subarray(at, at + RECORD_BYTES);
  if (record.length < RECORD_BYTES || record.readUInt32LE(8) !== checkOf(record, block)) {
    return { doneBytes: 0, crc: 0 };
  }
  return { doneBytes: record.readUInt32LE(0), crc: record.readUInt32LE(4) };
}

/** Never that of a record of zeros, as every other record's start differs. */
function checkOf(record: Buffer, block: number): number {
  return crc32(record.subarray(0, 8), block + 1);
}
