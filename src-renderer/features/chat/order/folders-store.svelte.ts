// Which folders are open in this window; remembered for the next one.
const STORAGE_KEY = 'lapidary.openFolders';

export class FoldersStore {
  #open = $state.raw<ReadonlySet<number>>(new Set(read()));

  isOpen(id: number): boolean {
    return this.#open.has(id);
  }

  toggle(id: number): void {
    const open = new Set(this.#open);
    if (!open.delete(id)) open.add(id);
    this.#open = open;
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify([...open]));
    } catch {
      // No storage: they stay open in this window only.
    }
  }
}

function read(): number[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter((id) => typeof id === 'number') : [];
  } catch {
    return [];
  }
}
