// What one can do about a mark: the suggestions, and leaving it as it is. The focus stays in the field, where the keys
// are pressed; the chosen line is told to screen readers.
import type { Mark } from './mark.ts';

export interface MarkChoice {
  id: string;
  label: string;
  /** A suggestion stands out from what else can be done. */
  suggestion: boolean;
  run: () => void;
}

export interface OpenMenu {
  mark: Mark;
  choices: readonly MarkChoice[];
}

export class MarkMenu {
  #open = $state.raw<OpenMenu | null>(null);
  /** -1 while none is chosen: opened with the mouse, Enter still belongs to the field. */
  position = $state(-1);

  get open(): OpenMenu | null {
    return this.#open;
  }

  /** `position` is the choice to begin with. */
  show(menu: OpenMenu, position: number): void {
    this.#open = menu;
    this.position = position;
  }

  close(): void {
    this.#open = null;
  }

  choose(index: number): void {
    const choice = this.#open?.choices[index];
    this.close();
    choice?.run();
  }

  /** Whether the key was for the menu. */
  press({ key }: KeyboardEvent): boolean {
    if (!this.#open) return false;
    const { length } = this.#open.choices;
    if (key === 'Escape') this.close();
    else if (key === 'ArrowDown') this.position = (this.position + 1) % length;
    else if (key === 'ArrowUp') this.position = (Math.max(this.position, 0) + length - 1) % length;
    else if ((key === 'Enter' || key === 'Tab') && this.position >= 0) this.choose(this.position);
    else return this.#leave(key);
    return true;
  }

  /** Any other key is the field's; one that does something there leaves the menu behind. */
  #leave(key: string): boolean {
    if (!['Shift', 'Control', 'Alt', 'Meta'].includes(key)) this.close();
    return false;
  }
}
