// A conversation that is on its way in: from its first element in the file to its last.
import type { FileDocument } from '#contract/transfer.ts';
import type { KnownConversation } from '../../database/transfer-repository.ts';
import type { Incoming } from './formats/incoming.ts';

export type Written = 'imported' | 'completed' | 'here' | 'in-bin' | 'empty';

export interface OpenConversation {
  /** As it begins in the file. */
  incoming: Incoming;
  /** What it is called here. */
  key: string;
  /** As it was here before; null: it was not. */
  known: KnownConversation | null;
  hadMessages: boolean;
  /** Null: not here yet. */
  id: number | null;
  /** Of the messages that are here, by their keys. */
  ids: Map<string, number>;
  /** By their places in the file; those that are kept by their ids. */
  documents: (FileDocument | number)[];
  /** Of all messages that the file had so far. */
  keys: Set<string>;
  lastKey: string | null;
  /** Keys of messages that were not here before. */
  added: Set<string>;
}

/** A person may have gone on in it: where they are and what applies stays. */
export function isWhole({ known }: OpenConversation): boolean {
  return known !== null && !known.unfinished;
}

/** All of it was read. */
export function writtenOf(open: OpenConversation): Written {
  if (open.known?.inBin) return 'in-bin';
  if (open.keys.size === 0) return 'empty';
  if (isWhole(open) && open.added.size === 0) return 'here';
  return open.hadMessages ? 'completed' : 'imported';
}
