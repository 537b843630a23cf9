// The menu of a row in the list pane.
import Archive from '@lucide/svelte/icons/archive';
import ArchiveRestore from '@lucide/svelte/icons/archive-restore';
import Folder from '@lucide/svelte/icons/folder';
import Pencil from '@lucide/svelte/icons/pencil';
import Pin from '@lucide/svelte/icons/pin';
import PinOff from '@lucide/svelte/icons/pin-off';
import Save from '@lucide/svelte/icons/save';
import Share from '@lucide/svelte/icons/share';
import Tag from '@lucide/svelte/icons/tag';
import Trash from '@lucide/svelte/icons/trash-2';
import type { Conversation } from '#contract/chat.ts';
import { t } from '../../../messages/translate.ts';
import type { MenuItem } from '../../../ui/menu-item.ts';
import type { OrderStore } from './order-store.svelte.ts';
import { focusBeside } from './pane-rows.ts';

interface RowActions {
  order: OrderStore;
  /** What an action is for: the selection if the row is part of it. */
  ids: () => number[];
  exportThem: () => void;
  rename: () => void;
  remove: () => void;
}

export function rowItems(
  conversation: Conversation,
  { order, ids, exportThem, rename, remove }: RowActions,
): MenuItem[] {
  const { id, pinned, archived, temporary } = conversation;
  const archive = (archived: boolean): void => {
    focusBeside(ids());
    void order.archive(ids(), archived);
  };
  const renaming: MenuItem = { label: t('chat.rename'), icon: Pencil, keys: 'F2', run: rename };
  const removing: MenuItem = { label: t('chat.delete'), icon: Trash, keys: 'Del', danger: true, run: remove };
  if (temporary) {
    const keep: MenuItem = { label: t('order.keep'), icon: Save, run: () => void order.keep(id) };
    return [keep, renaming, removing];
  }
  return [
    pinned
      ? { label: t('order.unpin'), icon: PinOff, run: () => void order.pin(ids(), false) }
      : { label: t('order.pin'), icon: Pin, run: () => void order.pin(ids(), true) },
    renaming,
    { label: t('order.move'), icon: Folder, run: () => (order.dialog = { kind: 'move', ids: ids() }) },
    { label: t('order.tags'), icon: Tag, run: () => (order.dialog = { kind: 'tag', ids: ids() }) },
    archived
      ? { label: t('order.unarchive'), icon: ArchiveRestore, run: () => archive(false) }
      : { label: t('order.archive'), icon: Archive, run: () => archive(true) },
    { label: t('transfer.exportRow'), icon: Share, run: exportThem },
    'line',
    removing,
  ];
}
