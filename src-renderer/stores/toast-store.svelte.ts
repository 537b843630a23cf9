// Notices at the foot of the window. They leave after a while, unless someone rests on them.
import type { Toast } from '../ui/toast.ts';

const SHOWN_MS = 7000;
const MOST_AT_ONCE = 3;

export class ToastStore {
  #list = $state.raw<readonly Toast[]>([]);
  #nextId = 1;
  #held = false;

  get list(): readonly Toast[] {
    return this.#list;
  }

  show(toast: { text: string; tone?: Toast['tone']; action?: Toast['action'] }): void {
    const id = this.#nextId++;
    this.#list = [...this.#list, { tone: 'plain' as const, ...toast, id }].slice(-MOST_AT_ONCE);
    this.#expire(id);
  }

  dismiss(id: number): void {
    this.#list = this.#list.filter((toast) => toast.id !== id);
  }

  /** While held nothing goes away. */
  hold(held: boolean): void {
    this.#held = held;
  }

  #expire(id: number): void {
    setTimeout(() => (this.#held ? this.#expire(id) : this.dismiss(id)), SHOWN_MS);
  }
}
