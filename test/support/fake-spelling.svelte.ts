// A checker that knows two mistakes, answers when it is told to and counts what it is asked.
import type { Lint, Spelling } from '../../src-renderer/ui/spelling/mark.ts';

const MISTAKES: readonly Omit<Lint, 'start' | 'end'>[] = [
  { kind: 'Spelling', message: 'Did you mean “apple”?', suggestions: ['apple', 'appeal'] },
  { kind: 'Agreement', message: 'Use “have” here.', suggestions: ['have'] },
];
const WORDS = ['appel', 'has'];

export class FakeSpelling implements Spelling {
  active = $state(true);
  ownWords = $state.raw<readonly string[]>([]);
  /** Every text that it had to look at, in order. */
  asked: string[] = [];
  /** Finds nothing and remembers nothing, as one that could not begin. */
  broken = false;
  /** While set, answers wait for it. */
  held: Promise<void> | null = null;
  #found = new Map<string, readonly Lint[]>();

  get version(): string {
    return `${this.active} ${this.ownWords.join(' ')}`;
  }

  known(text: string): readonly Lint[] | undefined {
    return this.#found.get(text);
  }

  async lint(text: string): Promise<readonly Lint[]> {
    this.asked.push(text);
    await this.held;
    if (this.broken) return [];
    const lints = WORDS.flatMap((word, index) =>
      [...text.matchAll(new RegExp(`\\b${word}\\b`, 'g'))].map((match) => ({
        ...(MISTAKES[index] as Lint),
        start: match.index,
        end: match.index + word.length,
      })),
    );
    this.#found.set(text, lints);
    return lints;
  }

  isOwnWord(word: string): boolean {
    return this.ownWords.includes(word);
  }

  learn(word: string): void {
    this.ownWords = [...this.ownWords, word];
  }
}
