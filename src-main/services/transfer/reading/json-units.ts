// Cuts the JSON of an export into conversations while it is read, so that a file of any size takes the memory of its
// largest conversation. Only brackets and quotes are looked at; each piece is parsed by itself, and a bad one takes
// no other with it. The pieces of a list are those of an array, or of `conversations` in an object.

export type Unit =
  | { kind: 'value'; bytes: Buffer }
  /** The object around a list of conversations, as far as it stood before the list. */
  | { kind: 'head'; bytes: Buffer }
  | { kind: 'too-large' | 'too-deep' }
  /** The file ends inside this one. */
  | { kind: 'cut-off'; bytes: Buffer };

/** One conversation; larger ones are passed over. */
const UNIT_LIMIT_BYTES = 64 * 1024 * 1024;
const DEPTH_LIMIT = 1000;
const LIST_KEY = '"conversations"';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const COMMA = 0x2c;
const COLON = 0x3a;
const SPACE = 0x20;

interface Limits {
  unitBytes?: number;
  depth?: number;
}

export class JsonUnits {
  readonly #unitLimitBytes: number;
  readonly #depthLimit: number;
  #found: Unit[] = [];
  #depth = 0;
  /** Depth of the values that are pieces: 0 for whole files and lines, 1 in an array, 2 in `conversations`. */
  #unitDepth = 0;
  #inString = false;
  #escaped = false;
  #unit: Piece | null = null;
  /** What stands around a list. */
  #head: Piece | null = null;
  #key: number[] = [];
  #keyComplete = false;

  constructor({ unitBytes = UNIT_LIMIT_BYTES, depth = DEPTH_LIMIT }: Limits = {}) {
    this.#unitLimitBytes = unitBytes;
    this.#depthLimit = depth;
  }

  /** Takes the next bytes, UTF-8, and returns what is complete now. */
  push(chunk: Buffer): Unit[] {
    this.#unit?.continueIn(chunk);
    for (let at = 0; at < chunk.length; at += 1) {
      if (this.#inString) at = this.#string(chunk, at);
      else this.#structure(chunk, at);
    }
    this.#unit?.keep(chunk.length);
    return this.#take();
  }

  /** The file is at its end. */
  finish(): Unit[] {
    const open = this.#unit;
    if (open) this.#found.push({ kind: 'cut-off', bytes: open.bytes() });
    else if (this.#depth > 0) this.#found.push({ kind: 'cut-off', bytes: Buffer.alloc(0) });
    this.#unit = null;
    return this.#take();
  }

  #take(): Unit[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  /** Goes to the end of the string, or of the chunk. */
  #string(chunk: Buffer, from: number): number {
    const naming = this.#head === null && this.#depth === 1 && this.#key.length <= LIST_KEY.length;
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at]!;
      if (naming) this.#key.push(byte);
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) {
        this.#inString = false;
        return at;
      }
    }
    return chunk.length;
  }

  #structure(chunk: Buffer, at: number): void {
    const byte = chunk[at]!;
    if (byte <= SPACE) return this.#blank(chunk, at, byte);
    if (byte === QUOTE) this.#beginString(chunk, at);
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#open(chunk, at, byte);
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.#close(chunk, at);
    else if (byte === COMMA && this.#depth === this.#unitDepth) this.#endUnit(chunk, at);
    else if (byte !== COMMA && byte !== COLON) this.#begin(chunk, at);
    if (byte === COLON && this.#depth === 1) this.#keyComplete = true;
    if (byte === COMMA && this.#depth === 1) this.#keyComplete = false;
  }

  /** Bare words at the top are told apart by lines and spaces: without this, words that are no JSON pile up. */
  #blank(chunk: Buffer, at: number, byte: number): void {
    if (this.#depth === 0 && this.#unitDepth === 0 && byte < SPACE) this.#endUnit(chunk, at);
  }

  #beginString(chunk: Buffer, at: number): void {
    this.#begin(chunk, at);
    this.#inString = true;
    if (this.#depth === 1 && !this.#keyComplete) this.#key = [QUOTE];
  }

  #open(chunk: Buffer, at: number, byte: number): void {
    const isList = this.#unit === null && this.#depth === 0 && byte === OPEN_ARRAY;
    if (isList) this.#unitDepth = 1;
    else if (this.#opensConversations(byte)) this.#endHead(chunk, at);
    else this.#begin(chunk, at);
    this.#depth += 1;
    if (this.#depth === 1) this.#keyComplete = false;
    if (this.#unit && this.#depth - this.#unitDepth > this.#depthLimit) this.#unit.refuse('too-deep');
  }

  #opensConversations(byte: number): boolean {
    const named = byte === OPEN_ARRAY && this.#depth === 1 && this.#unitDepth === 0 && this.#keyComplete;
    return named && this.#unit !== null && Buffer.from(this.#key).toString('latin1') === LIST_KEY;
  }

  #endHead(chunk: Buffer, at: number): void {
    const head = this.#unit!;
    head.keep(at);
    const bytes = Buffer.concat([head.bytes(), Buffer.from('[]}')]);
    if (!head.refused) this.#found.push({ kind: 'head', bytes });
    this.#head = head;
    this.#unit = null;
    this.#unitDepth = 2;
  }

  #close(chunk: Buffer, at: number): void {
    if (this.#depth === this.#unitDepth) this.#endUnit(chunk, at);
    this.#depth = Math.max(0, this.#depth - 1);
    if (this.#depth < this.#unitDepth) this.#leaveList();
    else if (this.#depth === this.#unitDepth) this.#endUnit(chunk, at + 1);
  }

  /** What comes after a list is of no interest; another value may follow at the top. */
  #leaveList(): void {
    if (this.#depth > 0) {
      this.#unitDepth = Infinity;
      return;
    }
    this.#unitDepth = 0;
    this.#head = null;
  }

  #begin(chunk: Buffer, at: number): void {
    if (this.#unit === null && this.#depth === this.#unitDepth)
      this.#unit = new Piece(chunk, at, this.#unitLimitBytes);
  }

  #endUnit(chunk: Buffer, end: number): void {
    const unit = this.#unit;
    if (!unit) return;
    unit.keep(end);
    this.#found.push(unit.refused ? { kind: unit.refused } : { kind: 'value', bytes: unit.bytes() });
    this.#unit = null;
  }
}

/** The bytes of one value, gathered from chunk to chunk. */
class Piece {
  refused: 'too-large' | 'too-deep' | null = null;
  readonly #limitBytes: number;
  #parts: Buffer[] = [];
  #sizeBytes = 0;
  #chunk: Buffer;
  #start: number;

  constructor(chunk: Buffer, start: number, limitBytes: number) {
    this.#chunk = chunk;
    this.#start = start;
    this.#limitBytes = limitBytes;
  }

  continueIn(chunk: Buffer): void {
    this.#chunk = chunk;
    this.#start = 0;
  }

  keep(end: number): void {
    const part = this.#chunk.subarray(this.#start, end);
    this.#sizeBytes += part.length;
    this.#start = end;
    if (this.#sizeBytes > this.#limitBytes) this.refuse('too-large');
    if (this.refused === null) this.#parts.push(part);
  }

  refuse(reason: 'too-large' | 'too-deep'): void {
    this.refused ??= reason;
    this.#parts = [];
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}
