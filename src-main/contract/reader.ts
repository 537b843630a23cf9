// What the host asks of the reader process, and the shape that every document is read into. The host asks for one
// step after the other, so that a large document never piles up between the two.
import { z } from 'zod';
import { call } from '#rpc/define.ts';
import { nothing } from './common.ts';

export const READ_FORMATS = [
  'text',
  'markdown',
  'code',
  'subtitles',
  'html',
  'pdf',
  'docx',
  'odt',
  'epub',
  'rtf',
] as const;
export type ReadFormat = (typeof READ_FORMATS)[number];

export const readBlock = z.object({
  kind: z.enum(['heading', 'paragraph', 'item', 'code', 'table']),
  /** Of a heading 1 to 6, of a list item its depth from 1; null for the others. */
  level: z.int().min(1).nullable(),
  /** Never empty. A numbered item begins with its number; a table has a line per row, as in Markdown. */
  text: z.string(),
  /** Counted from 1; null where the format has no pages. */
  page: z.int().min(1).nullable(),
  /** The next piece of the block before it, which was too long for one: no break belongs between the two. */
  continues: z.boolean(),
});
export type ReadBlock = z.output<typeof readBlock>;

/** What a person has to know about the text. Only the beginning was read, as there is more than the limit on
 * characters or pages; pages are pictures; parts are damaged and left out; the characters' encoding is a guess. */
export const READ_NOTES = [
  'cut-text',
  'cut-pages',
  'pages-without-text',
  'parts-unreadable',
  'encoding-guessed',
] as const;

export const readNote = z.object({
  code: z.enum(READ_NOTES),
  /** Characters or pages that were read before the cut; how many pages or parts; null for the encoding. */
  count: z.int().nullable(),
});
export type ReadNote = z.output<typeof readNote>;

/** Upper bounds for one file. Beyond the first three reading fails, beyond the others it stops with a note. */
export const readLimits = z.object({
  /** `file-too-large` */
  fileBytes: z.int().default(512 * 1024 * 1024),
  /** Unpacked from a zip; `file-expands`. */
  unpackedBytes: z.int().default(512 * 1024 * 1024),
  /** Of the process, the file and all; `reader-memory`. */
  memoryBytes: z.int().default(1536 * 1024 * 1024),
  characters: z.int().default(20_000_000),
  pages: z.int().default(20_000),
});
export type ReadLimits = z.output<typeof readLimits>;

export const fileToRead = z.object({
  path: z.string(),
  /** As the person knows it; its ending decides where the content doesn't. */
  name: z.string(),
  /** Of an encrypted PDF. */
  password: z.string().optional(),
});
export type FileToRead = z.output<typeof fileToRead>;

export const readSummary = z.object({
  format: z.enum(READ_FORMATS),
  /** As the document itself says; null where it says none. */
  title: z.string().nullable(),
  /** How many it has, read or not; null where the format has no pages. */
  pages: z.int().nullable(),
  notes: z.array(readNote),
});
export type ReadSummary = z.output<typeof readSummary>;

export const readStep = z.discriminatedUnion('type', [
  /** `progress` from 0 to 1. No more than a few hundred kilobytes of text. */
  z.object({ type: z.literal('blocks'), blocks: z.array(readBlock), progress: z.number() }),
  /** The last one. */
  z.object({ type: z.literal('end'), summary: readSummary }),
]);
export type ReadStep = z.output<typeof readStep>;

export interface ReadDocument extends ReadSummary {
  blocks: ReadBlock[];
}

export const readerContract = {
  /** Begins with a file; what was begun before is given up. */
  'reader.open': call(fileToRead.extend({ limits: readLimits }), nothing),
  /** The next part of it. Errors: file-missing, file-unreadable, file-damaged, file-too-large, file-expands, file-empty,
   * file-no-text, file-type-unknown, file-encrypted, file-password-wrong, file-encryption-unknown, reader-memory. */
  'reader.next': call(nothing, readStep),
};
export type ReaderContract = typeof readerContract;

/** The document as one text, as a model or a plain text file wants it: Markdown marks for headings, lists and code. */
export function plainText(document: Pick<ReadDocument, 'blocks'>): string {
  const parts: string[] = [];
  let before: ReadBlock | null = null;
  for (const block of document.blocks) {
    if (before && !block.continues) parts.push(breakBetween(before, block));
    parts.push(block.continues ? block.text : marked(block));
    before = block;
  }
  return parts.join('');
}

function breakBetween(before: ReadBlock, block: ReadBlock): string {
  return before.kind === 'item' && block.kind === 'item' ? '\n' : '\n\n';
}

function marked({ kind, level, text }: ReadBlock): string {
  if (kind === 'heading') return `${'#'.repeat(level ?? 1)} ${text}`;
  if (kind !== 'item') return text;
  const indent = '  '.repeat((level ?? 1) - 1);
  return /^\d{1,9}[.)] /.test(text) ? `${indent}${text}` : `${indent}- ${text}`;
}
