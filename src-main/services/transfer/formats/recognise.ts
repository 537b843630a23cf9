// Which app a piece of JSON comes from: told by what is in it, never by the name of its file.
import {
  FILE_VERSION,
  fileConversation,
  fileHead,
  filePart,
  type FileHead,
  type FilePart,
  type SkipReason,
  type SourceApp,
} from '#contract/transfer.ts';
import { AppError } from '#contract/errors.ts';
import { readChatGpt } from './chatgpt.ts';
import { readClaude } from './claude.ts';
import { toIncoming, type Incoming } from './incoming.ts';
import { asObject, asText, type JsonObject } from './json-values.ts';
import { readLmStudio } from './lm-studio.ts';
import { readOpenWebUi } from './open-webui.ts';
import { soundTree } from './sound-tree.ts';

export type Recognised =
  | { kind: 'conversation'; app: SourceApp; conversation: Incoming }
  /** More of a long conversation of ours. */
  | { kind: 'part'; part: FilePart }
  | { kind: 'skipped'; title: string; reason: SkipReason };

/** Characters of one document, as a reader of files gives it at most. */
export const LONGEST_DOCUMENT = 20_000_000;
/** Characters of one message: nobody has written more, and no page could show it. */
const LONGEST_MESSAGE = 10_000_000;
const READERS = [readChatGpt, readClaude, readLmStudio, readOpenWebUi];

/** The head of one of our files; null when it is another's. Throws `import-newer`. */
export function readHead(value: unknown): FileHead | null {
  const head = fileHead.safeParse(value);
  if (!head.success) return null;
  if (head.data.version > FILE_VERSION) {
    const details = { fileVersion: head.data.version };
    throw new AppError('import-newer', 'A later version has written this file', { details });
  }
  return head.data;
}

/** `ours`: it stands in a file of Lapidary. */
export function recognise(value: unknown, ours: boolean, now: number): Recognised {
  const object = asObject(value);
  if (!object) return { kind: 'skipped', title: '', reason: 'unknown' };
  return withinLimits(ours ? readOurs(object) : readForeign(object, now));
}

function readForeign(object: JsonObject, now: number): Recognised {
  for (const read of READERS) {
    const raw = read(object);
    if (!raw) continue;
    const conversation = toIncoming(raw, now);
    if (conversation) return { kind: 'conversation', app: raw.app, conversation };
    return { kind: 'skipped', title: raw.title.slice(0, 200), reason: 'empty' };
  }
  return { kind: 'skipped', title: asText(object['title']).slice(0, 200), reason: 'unknown' };
}

/** What is larger than anything that could be shown is skipped. */
export function withinLimits(read: Recognised): Recognised {
  if (read.kind === 'skipped') return read;
  const { title, messages, documents } =
    read.kind === 'part' ? { title: '', ...read.part } : read.conversation;
  const fits =
    messages.every(({ text, thought }) => text.length + thought.length <= LONGEST_MESSAGE) &&
    documents.every(({ text }) => text.length <= LONGEST_DOCUMENT);
  return fits ? read : { kind: 'skipped', title, reason: 'too-large' };
}

function readOurs(object: JsonObject): Recognised {
  if ('goesOn' in object) return readPart(object);
  const read = fileConversation.safeParse(object);
  const title = asText(object['title']).slice(0, 200);
  if (!read.success) return { kind: 'skipped', title, reason: 'damaged' };
  const conversation = { ...read.data, messages: soundTree(read.data.messages) };
  return { kind: 'conversation', app: 'lapidary', conversation };
}

function readPart(object: JsonObject): Recognised {
  const read = filePart.safeParse(object);
  return read.success ? { kind: 'part', part: read.data } : { kind: 'skipped', title: '', reason: 'damaged' };
}
