// The library of documents: what was brought in, how it is divided, and where something stands in it.
import { z } from 'zod';
import { call, stream } from '#rpc/define.ts';
import { failure, nothing, rowId } from './common.ts';
import { READ_FORMATS, readBlock, readNote } from './reader.ts';

export const document = z.object({
  id: rowId,
  /** The document's own title, or the one the person gave it, or the file's name. */
  title: z.string(),
  /** Of the file; of a pasted text the first words. */
  name: z.string(),
  /** Null while it is not read yet. */
  format: z.enum(READ_FORMATS).nullable(),
  sizeBytes: z.number(),
  pages: z.number().nullable(),
  characters: z.number(),
  words: z.number(),
  /** Primary language subtag, 'de'; null when the text does not tell. */
  language: z.string().nullable(),
  state: z.enum(['waiting', 'reading', 'ready', 'failed']),
  /** From 0 to 1 while it is read. */
  progress: z.number().nullable(),
  failure: failure.nullable(),
  /** What could not be read, or is only a guess. */
  notes: z.array(readNote),
  /** Where the file lies on this computer; null for what was pasted or came through a browser. */
  path: z.string().nullable(),
  /** The file there is no longer what was read, or is gone. */
  fileState: z.enum(['same', 'changed', 'missing']),
  collectionIds: z.array(rowId),
  addedAt: z.number(),
});
export type Document = z.output<typeof document>;

export const collection = z.object({
  id: rowId,
  name: z.string(),
  /** A folder on this computer whose files are read as they come; null when none is watched. */
  folder: z.string().nullable(),
});
export type Collection = z.output<typeof collection>;

/** Positions are UTF-16 code units in the document's text; `end` is not included. */
export const textRange = z.object({ start: z.int().min(0), end: z.int().min(0) });
export type TextRange = z.output<typeof textRange>;

/** What stands under one heading, up to the next of the same or a higher level. */
export const section = textRange.extend({
  /** '' before the first heading. */
  title: z.string(),
  level: z.int().min(0),
  page: z.number().nullable(),
});
export type Section = z.output<typeof section>;

/** A block with its place in the document's text. */
export const documentBlock = readBlock.omit({ continues: true }).extend(textRange.shape);
export type DocumentBlock = z.output<typeof documentBlock>;

/** A few sentences with exact positions: what is found, cited and given to a model. */
export const passage = textRange.extend({
  id: rowId,
  documentId: rowId,
  /** Headings it stands under, outermost first. */
  headings: z.array(z.string()),
  page: z.number().nullable(),
  text: z.string(),
});
export type Passage = z.output<typeof passage>;

export const library = z.object({
  /** Newest first. */
  documents: z.array(document),
  /** By name. */
  collections: z.array(collection),
});
export type Library = z.output<typeof library>;

export const passageHit = z.object({
  passage,
  /** One line of it with the found words between U+E000 and U+E001. */
  excerpt: z.string(),
});
export type PassageHit = z.output<typeof passageHit>;

const byId = z.object({ id: rowId });

export const documentsContract = {
  /** Everything but the texts, now and after every change. */
  'documents.watch': stream(nothing, library),
  /** A file that came in by 'attachments.begin' and 'attachments.append'; it is read in the background. Errors: not-found. */
  'documents.addUpload': call(
    z.object({ uploadId: z.string().max(100), collectionId: rowId.nullable() }),
    document,
  ),
  'documents.addText': call(
    z.object({ title: z.string().max(300), text: z.string().max(20_000_000) }),
    document,
  ),
  /** Files and whole folders by their paths, as the desktop's dialogs and drops tell them. Those that are there already
   * are named in `known`. Errors: file-missing. */
  'documents.addPaths': call(
    z.object({ paths: z.array(z.string().max(4096)).max(1000), collectionId: rowId.nullable() }),
    z.object({ added: z.array(rowId), known: z.array(rowId), skipped: z.array(z.string()) }),
  ),
  /** Reads it again: after a failure, with a password, or because the file changed. */
  'documents.read': call(byId.extend({ password: z.string().max(1000).optional() }), nothing),
  /** Ends the reading of one that is being read; it stays, as failed with `cancelled`. */
  'documents.stop': call(byId, nothing),
  'documents.rename': call(byId.extend({ title: z.string().trim().min(1).max(300) }), document),
  /** Takes them away; `documents.restore` brings them back until the app quits. */
  'documents.remove': call(z.object({ ids: z.array(rowId).max(10_000) }), nothing),
  'documents.restore': call(z.object({ ids: z.array(rowId).max(10_000) }), nothing),
  'documents.outline': call(byId, z.array(section)),
  /** Blocks in their order, from the one at position `from` on. */
  'documents.blocks': call(
    byId.extend({ from: z.int().min(0), limit: z.int().min(1).max(500).default(100) }),
    z.object({ blocks: z.array(documentBlock), characters: z.number() }),
  ),
  /** Best first. Any text is a valid query. */
  'documents.search': call(
    z.object({
      query: z.string().max(500),
      /** Null: in all. */
      documentIds: z.array(rowId).max(10_000).nullable(),
      limit: z.int().min(1).max(100).default(30),
    }),
    z.array(passageHit),
  ),
  'collections.save': call(
    z.object({
      id: rowId.nullable(),
      name: z.string().trim().min(1).max(80),
      folder: z.string().max(4096).nullable(),
    }),
    collection,
  ),
  /** Its documents stay. */
  'collections.remove': call(byId, nothing),
  'collections.put': call(
    z.object({ id: rowId, documentIds: z.array(rowId).max(10_000), inside: z.boolean() }),
    nothing,
  ),
};
