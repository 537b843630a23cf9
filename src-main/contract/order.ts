// Order among conversations: what is pinned, folders, tags, the archive, and the bin. Whatever changes reaches every
// window through `chat.watch`. Ids that are gone meanwhile are passed over. None of this concerns temporary ones.
import { z } from 'zod';
import { call, stream } from '#rpc/define.ts';
import { conversation } from './chat.ts';
import { nothing, rowId } from './common.ts';

/** How long the bin keeps what lies in it. */
export const BIN_DAYS = 30;

const name = z.string().trim().min(1).max(100);

export const folder = z.object({ id: rowId, name: z.string() });
export type Folder = z.output<typeof folder>;

/** What there is besides the list itself. */
export const shelves = z.object({
  folders: z.array(folder),
  /** Every tag that a conversation outside the bin and the archive has. */
  tags: z.array(z.string()),
  archivedCount: z.number(),
  binnedCount: z.number(),
});
export type Shelves = z.output<typeof shelves>;

export const binnedConversation = conversation.extend({ deletedAt: z.number() });
export type BinnedConversation = z.output<typeof binnedConversation>;

const lastOfBin = binnedConversation.pick({ id: true, deletedAt: true });

const many = z.object({ ids: z.array(rowId).max(100_000) });

export const orderContract = {
  /** What there is now, then after every change. */
  'order.watch': stream(nothing, shelves),
  'order.pin': call(many.extend({ pinned: z.boolean() }), nothing),
  /** A new message in an archived conversation takes it out again. */
  'order.archive': call(many.extend({ archived: z.boolean() }), nothing),
  /** Null: into no folder. Errors: not-found. */
  'order.move': call(many.extend({ folderId: rowId.nullable() }), nothing),
  'order.tag': call(many.extend({ add: z.array(name), remove: z.array(name) }), nothing),
  /** The folder of this name, which may have been there. */
  'order.createFolder': call(z.object({ name }), folder),
  /** Errors: not-found. */
  'order.renameFolder': call(z.object({ id: rowId, name }), nothing),
  /** The conversations in it are in no folder then; their ids are returned. */
  'order.removeFolder': call(z.object({ id: rowId }), z.array(rowId)),
  /** A tag that gets the name of another one becomes that one. */
  'order.renameTag': call(z.object({ from: name, to: name }), nothing),
  'order.removeTag': call(z.object({ name }), nothing),
  /** Into the bin. Answers being written in them are stopped and keep their text. */
  'order.delete': call(many, nothing),
  'order.restore': call(many, nothing),
  /** What lies in the bin, last deleted first. `before` is the last one already known. */
  'order.bin': call(
    z.object({ limit: z.int().min(1).max(500).default(200), before: lastOfBin.optional() }),
    z.array(binnedConversation),
  ),
  /** Out of the bin without a way back. */
  'order.deleteForEver': call(many, nothing),
  'order.emptyBin': call(nothing, nothing),
  /** Makes a temporary conversation one that is stored, under another id. Errors: not-found, conversation-busy. */
  'order.keep': call(z.object({ id: rowId }), conversation),
};
