// Prompts that are used again and again: those that are shipped, and the person's own.
import type { Prompt } from '#contract/compose.ts';
import type { ComposeRepository } from '../../database/compose-repository.ts';
import { Watchable } from '../../lib/watchable.ts';

/** What the window says of them is translated; these texts go to the model. */
const SHIPPED: readonly Prompt[] = [
  shipped(1, 'summarise', 'Summarise the following text in five short points:\n\n{{text}}'),
  shipped(2, 'explain', 'Explain {{topic}} in simple words, with one example from everyday life.'),
  shipped(
    3,
    'improve',
    'Improve the following text. Keep its meaning, tone and language, and list the changes that matter:\n\n{{text}}',
  ),
  shipped(4, 'translate', 'Translate the following text into {{language}}:\n\n{{text}}'),
  shipped(5, 'ideas', 'Give me ten different ideas for {{subject}}, each in one sentence.'),
];

export class PromptLibrary {
  readonly list: Watchable<Prompt[]>;
  readonly #repository: ComposeRepository;

  constructor(repository: ComposeRepository) {
    this.#repository = repository;
    this.list = new Watchable(this.#all());
  }

  /** @throws AppError not-found */
  save(id: number | null, prompt: Pick<Prompt, 'name' | 'text'>): Prompt {
    const saved = this.#repository.savePrompt(id, prompt);
    this.list.set(this.#all());
    return saved;
  }

  remove(id: number): void {
    this.#repository.removePrompt(id);
    this.list.set(this.#all());
  }

  #all(): Prompt[] {
    return [...SHIPPED, ...this.#repository.prompts()];
  }
}

function shipped(id: number, builtIn: NonNullable<Prompt['builtIn']>, text: string): Prompt {
  return { id, name: builtIn, text, builtIn };
}
