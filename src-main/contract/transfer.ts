// Taking conversations out and bringing them in, and the file that Lapidary writes for it. The file's schema is a
// promise: readers take every version up to their own, and what a version says never changes.
import { z } from 'zod';
import { call, stream } from '#rpc/define.ts';
import { attachment } from './attachment.ts';
import { answerStats, conversation, message, messageStatus } from './chat.ts';
import { failure, nothing, rowId } from './common.ts';
import { answerSettings, preset } from './presets.ts';

export const EXPORT_FORMATS = ['markdown', 'html', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Of a `lapidary-conversations` file. Version 2 added attachments, notes, and conversations in several elements. */
export const FILE_VERSION = 2;

/** A text that goes along with messages of a conversation. */
const fileDocument = attachment.pick({ kind: true, name: true }).extend({
  pages: attachment.shape.pages.default(null),
  notes: attachment.shape.notes.default([]),
  text: z.string(),
});
export type FileDocument = z.output<typeof fileDocument>;

const fileAttachment = z.object({
  /** Which of the conversation's documents it is, counted from 0. */
  document: z.int().min(0),
  use: attachment.shape.use.default('whole'),
  /** How much of it the model is given at most; null: all of it. */
  limitCharacters: z.int().min(0).nullable().default(null),
  tokens: z.int().min(0).nullable().default(null),
  givenTokens: z.int().min(0).nullable().default(null),
  until: z.string().nullable().default(null),
});
export type FileAttachment = z.output<typeof fileAttachment>;

/** What stands for the older part of the branches through a message. */
const fileNote = z.object({
  /** Key of the last message it stands for. */
  covers: z.string().max(200),
  text: z.string(),
  edited: z.boolean().default(false),
  removed: z.boolean().default(false),
  createdAt: z.int(),
});
export type FileNote = z.output<typeof fileNote>;

/** One message of a `lapidary-conversations` file. `key` is its name in its conversation, `parent` the key of the
 * message before it. Messages with the same parent are versions of each other, oldest first. */
const fileMessage = z.object({
  key: z.string().min(1).max(200),
  parent: z.string().max(200).nullable(),
  role: message.shape.role,
  text: z.string(),
  thought: z.string().default(''),
  /** `generating` is never written. */
  status: messageStatus.exclude(['generating']).default('complete'),
  failure: failure.nullable().default(null),
  stats: answerStats.nullable().default(null),
  edited: z.boolean().default(false),
  attachments: z.array(fileAttachment).default([]),
  /** Milliseconds since 1970, like all times. */
  createdAt: z.int(),
});
export type FileMessage = z.output<typeof fileMessage>;

/** The next element of the list goes on with this conversation. */
const continues = z.literal(true).optional();

/** One conversation of the file. `key` is the same in every export of it, in any app that it was imported to. */
export const fileConversation = z.object({
  key: z.string().min(1).max(300),
  title: z.string(),
  titleSource: conversation.shape.titleSource.default('person'),
  createdAt: z.int(),
  updatedAt: z.int(),
  /** Which of the file's presets it uses, counted from 0. */
  preset: z.int().min(0).nullable().default(null),
  settings: answerSettings.default(answerSettings.parse({})),
  pinned: z.boolean().default(false),
  archived: z.boolean().default(false),
  /** Name of its folder. */
  folder: z.string().trim().min(1).max(200).nullable().default(null),
  tags: z.array(z.string().trim().min(1).max(200)).max(1000).default([]),
  /** The last message of the branch that is shown. */
  activeMessage: z.string().max(200).nullable().default(null),
  documents: z.array(fileDocument).default([]),
  notes: z.array(fileNote).default([]),
  /** The whole tree; parents come before their children. */
  messages: z.array(fileMessage),
  continues,
});
export type FileConversation = z.output<typeof fileConversation>;

/** What follows on a long conversation in the list: a reader takes no more than 64 MiB for one element. All documents
 * come before the first message. */
export const filePart = z.object({
  /** Key of the conversation. */
  goesOn: fileConversation.shape.key,
  /** More of the text of the last document so far. */
  moreText: z.string().default(''),
  documents: fileConversation.shape.documents,
  messages: z.array(fileMessage).default([]),
  continues,
});
export type FilePart = z.output<typeof filePart>;

/** What stands before `conversations` in the file. */
export const fileHead = z.object({
  format: z.literal('lapidary-conversations'),
  version: z.int().min(1),
  presets: z
    .array(preset.omit({ id: true }))
    .max(10_000)
    .default([]),
});
export type FileHead = z.output<typeof fileHead>;

export const SOURCE_APPS = ['lapidary', 'chatgpt', 'claude', 'lm-studio', 'open-webui', 'jan'] as const;
export type SourceApp = (typeof SOURCE_APPS)[number];

/** Why a conversation did not come in: no messages; not readable; the file ends in it; over the limit for one
 * conversation; nested deeper than any app writes; nothing that we know; it lies in the bin here. */
export const SKIP_REASONS = [
  'empty',
  'damaged',
  'cut-off',
  'too-large',
  'too-deep',
  'unknown',
  'in-bin',
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

export const importReport = z.object({
  /** Where the conversations came from. */
  apps: z.array(z.enum(SOURCE_APPS)),
  imported: z.number(),
  /** They were here already, but not all of their messages. */
  completed: z.number(),
  alreadyHere: z.number(),
  skipped: z.number(),
  /** The first ones that were skipped; the title is '' where it could not be read. */
  skippedOnes: z.array(z.object({ title: z.string(), file: z.string(), reason: z.enum(SKIP_REASONS) })),
  /** The person stopped it: what is in stays. */
  stopped: z.boolean(),
});
export type ImportReport = z.output<typeof importReport>;

export const importEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('reading'),
    doneBytes: z.number(),
    totalBytes: z.number(),
    imported: z.number(),
    skipped: z.number(),
  }),
  z.object({ type: z.literal('imported'), report: importReport }),
]);
export type ImportEvent = z.output<typeof importEvent>;

export const conversationExportEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('writing'),
    /** Written so far. */
    doneBytes: z.number(),
    doneConversations: z.number(),
    totalConversations: z.number(),
  }),
  /** `path` is the file, or the folder with a file for each conversation. */
  z.object({ type: z.literal('exported'), path: z.string(), conversations: z.number() }),
]);
export type ConversationExportEvent = z.output<typeof conversationExportEvent>;

const path = z.string().min(1).max(4096);
const word = z.string().min(1).max(200);
const locale = z.string().max(80).refine(isLocale);

/** What files for reading say besides the conversation itself: in the language of the interface, whose words only the
 * window knows. */
export const exportWords = z.object({
  /** Of the words, BCP 47. */
  language: locale,
  direction: z.enum(['ltr', 'rtl']),
  /** Of dates, BCP 47. */
  locale,
  /** Over a question, over an answer and over its thoughts. */
  question: word,
  answer: word,
  thoughts: word,
  /** Before the name of what went along with a question. */
  attached: word,
  /** Names the way back from a footnote. */
  backToText: word,
  /** As the name of a file: for a conversation whose title can't be one, and for many conversations (before the day). */
  untitled: word,
  conversations: word,
});
export type ExportWords = z.output<typeof exportWords>;

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

export const transferContract = {
  /** Writes these conversations, or with null all that are not in the bin, into a folder; leaving the loop stops it and
   * leaves nothing behind. No file that is there is touched. Errors: export-folder-missing, export-folder-unwritable,
   * export-disk-full, disk-full, not-found. */
  'transfer.export': stream(
    z.object({
      ids: z.array(rowId).max(100_000).nullable(),
      format: z.enum(EXPORT_FORMATS),
      folder: path,
      words: exportWords,
    }),
    conversationExportEvent,
  ),
  /** The shown branch of a conversation as the inside of a web page, for printing. Errors: not-found. */
  'transfer.page': call(z.object({ id: rowId, words: exportWords }), z.object({ html: z.string() })),
  /** Reads a file, a zip of them or a folder; the last event is the report. Leaving the loop stops it. Errors:
   * import-file-missing, import-unreadable, import-newer, import-running, disk-full. */
  'transfer.import': stream(z.object({ path }), importEvent),
  /** The import ends with its report; what is in stays. */
  'transfer.stopImport': call(nothing, nothing),
};
