// What the list pane shows, from top to bottom: temporary conversations, pinned ones, folders, the others by age.
import type { Conversation } from '#contract/chat.ts';
import type { Folder } from '#contract/order.ts';
import { groupByAge, type ConversationGroup } from '../conversation-groups.ts';

export interface PaneGroups {
  temporary: Conversation[];
  pinned: Conversation[];
  folders: { folder: Folder; conversations: Conversation[] }[];
  byAge: ConversationGroup[];
}

/** `list` newest first; `tag` shows only what has it, by age. */
export function paneGroups(
  list: readonly Conversation[],
  { folders, tag, now }: { folders: readonly Folder[]; tag: string | null; now: number },
): PaneGroups {
  const shown = list.filter(({ archived }) => !archived);
  if (tag !== null) {
    const tagged = shown.filter(({ tags }) => tags.includes(tag));
    return { temporary: [], pinned: [], folders: [], byAge: groupByAge(tagged, now) };
  }
  const known = new Set(folders.map(({ id }) => id));
  const inFolder = (each: Conversation): boolean => each.folderId !== null && known.has(each.folderId);
  const stored = shown.filter(({ temporary }) => !temporary);
  const unpinned = stored.filter(({ pinned }) => !pinned);
  return {
    temporary: shown.filter(({ temporary }) => temporary),
    pinned: stored.filter(({ pinned }) => pinned),
    folders: folders.map((folder) => ({
      folder,
      conversations: unpinned.filter(({ folderId }) => folderId === folder.id),
    })),
    byAge: groupByAge(
      unpinned.filter((each) => !inFolder(each)),
      now,
    ),
  };
}
