// The menu of a document in the list.
import FolderPlus from '@lucide/svelte/icons/folder-plus';
import Pencil from '@lucide/svelte/icons/pencil';
import RefreshCw from '@lucide/svelte/icons/refresh-cw';
import Square from '@lucide/svelte/icons/square';
import Trash from '@lucide/svelte/icons/trash-2';
import type { Document } from '#contract/documents.ts';
import { t } from '../../../messages/translate.ts';
import type { MenuItem } from '../../../ui/menu-item.ts';
import type { LibraryStore } from './library-store.svelte.ts';

export function rowItems(library: LibraryStore, document: Document): MenuItem[] {
  const { id, state, path, collectionIds } = document;
  const unread = state === 'waiting' || state === 'reading';
  const again = state === 'failed' || path !== null;
  const collections = library.collections.map((collection): MenuItem => {
    const inside = collectionIds.includes(collection.id);
    return {
      label: t(inside ? 'read.takeOut' : 'read.putIn', { name: collection.name }),
      icon: FolderPlus,
      run: () => void library.put(collection.id, id, !inside),
    };
  });
  return [
    { label: t('read.rename'), icon: Pencil, keys: 'F2', run: () => (library.renamingId = id) },
    ...(unread ? [{ label: t('read.stop'), icon: Square, run: () => void library.stop(id) }] : []),
    ...(!unread && again
      ? [{ label: t('read.readAgain'), icon: RefreshCw, run: () => void library.readAgain(id) }]
      : []),
    ...(collections.length > 0 ? (['line', ...collections] as const) : []),
    'line',
    { label: t('read.remove'), icon: Trash, danger: true, run: () => void library.remove(document) },
  ];
}
