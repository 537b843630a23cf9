// How the window is divided: the width of the list pane and whether it shows. A convenience of this window only,
// so it is kept in the page's own storage and not in the settings.
import type { NavigationStore } from '../stores/navigation-store.svelte.ts';

export const NARROWEST_LIST = 200;
export const WIDEST_LIST = 420;
const USUAL_LIST = 260;
const KEY = 'lapidary.list';

interface Kept {
  width: number;
  hidden: boolean;
}

function recall(): Kept {
  const [width, hidden] = (localStorage.getItem(KEY) ?? '').split(' ');
  return { width: clamp(Number(width) || USUAL_LIST), hidden: hidden === 'hidden' };
}

function clamp(width: number): number {
  return Math.round(Math.min(WIDEST_LIST, Math.max(NARROWEST_LIST, width)));
}

export class LayoutStore {
  readonly #navigation: NavigationStore;
  readonly #narrow: () => boolean;
  #kept = $state.raw<Kept>(recall());

  /** `narrow`: the window has no room for the list beside the page. */
  constructor(navigation: NavigationStore, narrow: () => boolean) {
    this.#navigation = navigation;
    this.#narrow = narrow;
  }

  /** The place has items to list. */
  get hasList(): boolean {
    return this.#navigation.place === 'chat' || this.#navigation.place === 'read';
  }

  get listShown(): boolean {
    return this.#narrow() ? this.#navigation.listOpen : !this.#kept.hidden;
  }

  get listWidth(): number {
    return this.#kept.width;
  }

  set listWidth(width: number) {
    this.#keep({ ...this.#kept, width: clamp(width) });
  }

  toggleList(): void {
    if (this.#narrow()) this.#navigation.listOpen = !this.#navigation.listOpen;
    else this.#keep({ ...this.#kept, hidden: !this.#kept.hidden });
  }

  showList(): void {
    if (!this.listShown) this.toggleList();
  }

  closeOverlay(): void {
    this.#navigation.listOpen = false;
  }

  #keep(kept: Kept): void {
    this.#kept = kept;
    localStorage.setItem(KEY, `${kept.width} ${kept.hidden ? 'hidden' : 'shown'}`);
  }
}
