// Marks under mistakes: whether the person wants them, for which English, and the words that are right because they
// say so. One checker for every field of the page, in a worker that begins with the first text.
import type { Settings } from '#contract/settings.ts';
import { t } from '../messages/translate.ts';
import { LintClient, type LintWorker } from '../ui/spelling/lint-client.ts';
import type { Dialect } from '../ui/spelling/lint-messages.ts';
import type { Lint, Spelling } from '../ui/spelling/mark.ts';
import type { SettingsStore } from './settings-store.svelte.ts';
import type { ToastStore } from './toast-store.svelte.ts';

type ChosenDialect = Exclude<Settings['spellingDialect'], 'automatic'>;

const DIALECTS: Record<ChosenDialect, Dialect> = {
  american: 'American',
  british: 'British',
  australian: 'Australian',
  canadian: 'Canadian',
  indian: 'Indian',
};

export class SpellingStore implements Spelling {
  readonly #settings: SettingsStore;
  readonly #toasts: ToastStore;
  readonly #client: LintClient;
  readonly #ownKeys = $derived.by(() => new Set(this.ownWords.map(keyOf)));

  constructor(settings: SettingsStore, toasts: ToastStore, begin: () => LintWorker = startWorker) {
    this.#settings = settings;
    this.#toasts = toasts;
    this.#client = new LintClient(begin, () => toasts.show({ text: t('spelling.failed'), tone: 'error' }));
  }

  get active(): boolean {
    return this.#settings.values?.spelling === 'english';
  }

  get version(): string {
    return `${this.active} ${this.#dialect} ${this.ownWords.join(' ')}`;
  }

  /** In the order in which they were added. */
  get ownWords(): readonly string[] {
    return this.#settings.values?.ownWords ?? [];
  }

  known(text: string): readonly Lint[] | undefined {
    return this.#client.known(text, this.#dialect);
  }

  lint(text: string): Promise<readonly Lint[]> {
    return this.#client.lint(text, this.#dialect);
  }

  isOwnWord(word: string): boolean {
    return this.#ownKeys.has(keyOf(word));
  }

  learn(word: string): void {
    if (!this.isOwnWord(word)) void this.#settings.change('ownWords', [...this.ownWords, word]);
  }

  forget(word: string): void {
    void this.#settings.change(
      'ownWords',
      this.ownWords.filter((each) => each !== word),
    );
    const action = { label: t('ui.undo'), run: () => this.learn(word) };
    this.#toasts.show({ text: t('spelling.forgotten', { word }), action });
  }

  get #dialect(): Dialect {
    const chosen = this.#settings.values?.spellingDialect ?? 'automatic';
    return chosen === 'automatic' ? dialectOf(navigator.language) : DIALECTS[chosen];
  }
}

/** The English of a place; American where another language is spoken. */
export function dialectOf(locale: string): Dialect {
  const places: Record<string, Dialect> = { US: 'American', CA: 'Canadian', AU: 'Australian', IN: 'Indian' };
  const [language, place = 'US'] = locale.split('-');
  return language === 'en' ? (places[place] ?? 'British') : 'American';
}

/** One word, however it is written, and whatever belongs to it. */
function keyOf(word: string): string {
  return word.toLowerCase().replaceAll('’', "'").replace(/'s$/, '');
}

function startWorker(): LintWorker {
  return new Worker(new URL('../ui/spelling/lint-worker.ts', import.meta.url), { type: 'module' });
}
