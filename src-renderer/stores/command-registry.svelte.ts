// What the command palette can run. Each place registers its own commands while it is there.
import { untrack } from 'svelte';
import type { LucideIcon } from '@lucide/svelte';

export type CommandGroup = 'actions' | 'places' | 'models' | 'appearance' | 'conversations';

export interface Command {
  id: string;
  label: string;
  group: CommandGroup;
  icon?: LucideIcon | undefined;
  /** More words it is found by. */
  words?: string | undefined;
  /** The shortcut, as people read it. */
  keys?: string | undefined;
  run: () => void;
}

export class CommandRegistry {
  #sources = $state.raw<readonly (readonly Command[])[]>([]);
  readonly all = $derived(this.#sources.flat());

  /** Adds commands until the returned function is called. */
  register(commands: readonly Command[]): () => unknown {
    // Untracked: a place registers inside an effect, which must not run again because of its own change.
    untrack(() => (this.#sources = [...this.#sources, commands]));
    return () => untrack(() => (this.#sources = this.#sources.filter((each) => each !== commands)));
  }
}
