// From the bytes of a file to conversations, one after the other, each with how far the file is read.
import { readFile, stat } from 'node:fs/promises';
import type { FileHead } from '#contract/transfer.ts';
import { asObject, type JsonObject } from '../formats/json-values.ts';
import { toIncoming } from '../formats/incoming.ts';
import { isJanMessage, readJan } from '../formats/jan.ts';
import { readHead, recognise, withinLimits, type Recognised } from '../formats/recognise.ts';
import { inUtf8, textOf } from './encodings.ts';
import { JsonUnits, type Unit } from './json-units.ts';
import type { Source } from './find-sources.ts';

export type Read =
  | Recognised
  /** What follows stands in a file of Lapidary. */
  | { kind: 'head'; head: FileHead }
  | { kind: 'bytes'; doneBytes: number };

/** Characters of one thread of Jan; what is longer is cut off. */
const THREAD_LIMIT = 200_000_000;
/** Bytes of what says its title. */
const LARGEST_THREAD_FILE = 4_000_000;

/** More of a conversation of ours. */
const PART = /^\s*\{\s*"goesOn"/u;

/** Throws `import-newer`, and what the disk says. */
export async function* readSource(source: Source, now: number): AsyncGenerator<Read, void, void> {
  const units = new JsonUnits();
  const thread = new ThreadReader(source, now);
  const reader = new UnitReader(now, thread);
  let doneBytes = 0;
  const counted = countBytes(source.chunks(), (bytes) => (doneBytes += bytes));
  for await (const chunk of inUtf8(counted)) {
    for (const unit of units.push(chunk)) yield* reader.read(unit);
    yield { kind: 'bytes', doneBytes };
  }
  for (const unit of units.finish()) yield* reader.read(unit);
  yield* thread.end();
}

async function* countBytes(
  chunks: AsyncIterable<Buffer>,
  tell: (bytes: number) => void,
): AsyncGenerator<Buffer, void, void> {
  for await (const chunk of chunks) {
    yield chunk;
    tell(chunk.length);
  }
}

class UnitReader {
  readonly #now: number;
  readonly #thread: ThreadReader;
  #ours = false;

  constructor(now: number, thread: ThreadReader) {
    this.#now = now;
    this.#thread = thread;
  }

  *read(unit: Unit): Generator<Read, void, void> {
    if (unit.kind === 'value') yield* this.#parse(unit.bytes, (value) => this.#value(value));
    else if (unit.kind === 'head') yield* this.#parse(unit.bytes, (value) => this.#head(value));
    else if (unit.kind === 'cut-off')
      yield { kind: 'skipped', title: titleIn(unit.bytes), reason: 'cut-off' };
    else yield { kind: 'skipped', title: '', reason: unit.kind };
  }

  *#parse(bytes: Buffer, take: (value: unknown) => Read | null): Generator<Read, void, void> {
    let value: unknown;
    try {
      value = JSON.parse(textOf(bytes));
    } catch {
      yield { kind: 'skipped', title: titleIn(bytes), reason: 'damaged' };
      return;
    }
    const read = take(value);
    if (read) yield read;
  }

  #head(value: unknown): Read | null {
    const head = readHead(value);
    this.#ours = head !== null;
    return head && { kind: 'head', head };
  }

  #value(value: unknown): Read | null {
    const object = asObject(value);
    if (!object || this.#ours || !isJanMessage(object)) return recognise(value, this.#ours, this.#now);
    this.#thread.take(object);
    return null;
  }
}

/** Gathers the lines of a thread of Jan: only all of them together are a conversation. */
class ThreadReader {
  readonly #source: Source;
  readonly #now: number;
  readonly #messages: JsonObject[] = [];
  #length = 0;

  constructor(source: Source, now: number) {
    this.#source = source;
    this.#now = now;
  }

  take(message: JsonObject): void {
    this.#length += JSON.stringify(message).length;
    if (this.#length <= THREAD_LIMIT) this.#messages.push(message);
  }

  async *end(): AsyncGenerator<Read, void, void> {
    if (this.#messages.length === 0) return;
    const raw = readJan(await this.#thread(), this.#messages);
    const conversation = toIncoming(raw, this.#now);
    if (conversation) yield withinLimits({ kind: 'conversation', app: 'jan', conversation });
    else yield { kind: 'skipped', title: raw.title, reason: 'empty' };
    if (this.#length > THREAD_LIMIT) yield { kind: 'skipped', title: raw.title, reason: 'too-large' };
  }

  async #thread(): Promise<JsonObject> {
    if (this.#source.threadFile === undefined) return {};
    try {
      if ((await stat(this.#source.threadFile)).size > LARGEST_THREAD_FILE) return {};
      return asObject(JSON.parse(textOf(await readFile(this.#source.threadFile)))) ?? {};
    } catch {
      return {}; // The messages are what counts.
    }
  }
}

/** The title that a piece of broken JSON seems to have, so that a person knows which one is missing. */
function titleIn(bytes: Buffer): string {
  const start = textOf(bytes.subarray(0, 4000));
  if (PART.test(start)) return ''; // What is named there is a document.
  const [, title] = /"(?:title|name)"\s*:\s*"((?:[^"\\]|\\.){1,200})"/u.exec(start) ?? [];
  return title?.replaceAll(/\\u[0-9a-f]{4}|\\./giu, '') ?? '';
}
