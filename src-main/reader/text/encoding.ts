// Which encoding the characters of a text file are in. Marks and strict UTF-8 are certain; everything else is the
// best guess over its first bytes that are no ASCII, and is said to be one.
import { analyse } from 'chardet';
import type { FileHandle } from 'node:fs/promises';
import { AppError } from '#contract/errors.ts';
import { readAt, type Source } from '../source.ts';

interface Encoding {
  /** As TextDecoder names it. */
  label: string;
  guessed: boolean;
}

const CHUNK_BYTES = 1024 * 1024;
const SAMPLE_BYTES = 64 * 1024;
/** Of the bytes; text has none at all, a screen log a few. */
const MOST_CONTROL = 0.02;
const WIDE_SAMPLE_BYTES = 8 * 1024;
/** Of the characters, in a text; of bytes at random two thirds would be letters of some script. */
const LEAST_TEXT = 0.95;
const WRITTEN = /[\p{L}\p{M}\p{N}\p{P}\p{S}\s]/gu;
const SEPARATORS = /[ \n\r\t\u3000-\u3002\uFF0C]/g;
const MARKS: [mark: number[], label: string][] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];
/** The encodings that a guess may name, as the detector names them and as TextDecoder does. */
const GUESSES: Record<string, string> = {
  'UTF-8': 'utf-8',
  Shift_JIS: 'shift_jis',
  'EUC-JP': 'euc-jp',
  'ISO-2022-JP': 'iso-2022-jp',
  GB18030: 'gb18030',
  Big5: 'big5',
  'EUC-KR': 'euc-kr',
  'ISO-8859-1': 'windows-1252',
  'ISO-8859-2': 'iso-8859-2',
  'ISO-8859-5': 'iso-8859-5',
  'ISO-8859-6': 'iso-8859-6',
  'ISO-8859-7': 'iso-8859-7',
  'ISO-8859-8': 'iso-8859-8',
  'ISO-8859-9': 'windows-1254',
  'windows-1250': 'windows-1250',
  'windows-1251': 'windows-1251',
  'windows-1252': 'windows-1252',
  'windows-1253': 'windows-1253',
  'windows-1254': 'windows-1254',
  'windows-1255': 'windows-1255',
  'windows-1256': 'windows-1256',
  'KOI8-R': 'koi8-r',
};

/** Whether the beginning of a file is no text in any encoding. */
export function looksBinary(head: Buffer): boolean {
  if (markOf(head) || wideWithoutMark(head)) return false;
  let control = 0;
  for (const byte of head) {
    if (byte === 0) return true;
    // Tabs, line ends, form feeds and the escapes of ISO-2022 and of screens are text.
    if (byte < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d, 0x1b].includes(byte)) control += 1;
  }
  return control > head.length * MOST_CONTROL;
}

/** `declared` is believed where nothing is certain. @throws AppError file-unreadable */
export async function detectEncoding(
  { handle, head }: Pick<Source, 'handle' | 'head'>,
  declared?: string,
): Promise<Encoding> {
  const certain = markOf(head) ?? wideWithoutMark(head);
  if (certain) return { label: certain, guessed: false };
  const { strict, firstOther } = await examine(handle);
  if (strict) return { label: 'utf-8', guessed: false };
  if (declared && isKnown(declared)) return { label: declared, guessed: false };
  const sample = await readAt(handle, Math.max(0, firstOther - SAMPLE_BYTES / 4), SAMPLE_BYTES);
  return { label: guess(sample), guessed: true };
}

/** The text of a file, piece by piece, and how many bytes are done with each. */
export async function* decoded(
  handle: FileHandle,
  label: string,
): AsyncGenerator<{ text: string; doneBytes: number }, void, void> {
  const decoder = new TextDecoder(label);
  for (let at = 0; ;) {
    const chunk = await readAt(handle, at, CHUNK_BYTES);
    at += chunk.length;
    const end = chunk.length < CHUNK_BYTES;
    yield { text: decoder.decode(chunk, { stream: !end }), doneBytes: at };
    if (end) return;
  }
}

function markOf(head: Buffer): string | null {
  const found = MARKS.find(([mark]) => mark.every((byte, index) => head[index] === byte));
  return found?.[1] ?? null;
}

/** UTF-16 has a byte 0 in each of its ASCII characters, be they only spaces and line ends. Which of the two bytes of a
 * character comes first shows by which way nearly everything is a letter or the like. */
function wideWithoutMark(head: Buffer): string | null {
  if (!head.includes(0)) return null;
  const even = head.subarray(0, Math.min(head.length - (head.length % 2), WIDE_SAMPLE_BYTES));
  const little = shareOfText(even, 'utf-16le');
  const big = shareOfText(even, 'utf-16be');
  if (Math.max(little, big) < LEAST_TEXT) return null;
  return little >= big ? 'utf-16le' : 'utf-16be';
}

/** How much of it is what texts consist of, if it is UTF-16; separators count more, since they tell most. */
function shareOfText(bytes: Buffer, label: string): number {
  // A character may be cut in two at the end, which is no fault.
  const text = new TextDecoder(label).decode(bytes, { stream: true });
  const written = text.match(WRITTEN)?.length ?? 0;
  const separators = text.match(SEPARATORS)?.length ?? 0;
  return separators === 0 ? 0 : (written + separators) / (text.length + separators);
}

/** Whether the whole file is UTF-8, and where its first byte lies that is no ASCII. */
async function examine(handle: FileHandle): Promise<{ strict: boolean; firstOther: number }> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let firstOther = -1;
  for (let at = 0; ;) {
    const chunk = await readAt(handle, at, CHUNK_BYTES);
    if (firstOther < 0) {
      const index = chunk.findIndex((byte) => byte >= 0x80);
      if (index >= 0) firstOther = at + index;
    }
    const end = chunk.length < CHUNK_BYTES;
    try {
      decoder.decode(chunk, { stream: !end });
    } catch {
      return { strict: false, firstOther };
    }
    at += chunk.length;
    if (end) return { strict: true, firstOther };
  }
}

function isKnown(label: string): boolean {
  try {
    return !new TextDecoder(label).encoding.startsWith('utf-');
  } catch {
    return false;
  }
}

function guess(sample: Buffer): string {
  const known = analyse(sample).flatMap(({ name }) => GUESSES[name] ?? []);
  if (sample.includes(0)) throw new AppError('file-type-unknown', 'Bytes that no text has');
  return known[0] ?? 'windows-1252';
}
