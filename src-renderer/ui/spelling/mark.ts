// What a checker finds in a text and what a field shows of it.

/** As a checker says it; positions count UTF-16 units, as the page's do. */
export interface Lint {
  readonly start: number;
  readonly end: number;
  /** Harper's own word for it: 'Spelling', 'Agreement'… */
  readonly kind: string;
  readonly message: string;
  /** What could stand there instead; '' means taking it out. */
  readonly suggestions: readonly string[];
}

export interface Mark {
  readonly start: number;
  readonly end: number;
  readonly kind: 'spelling' | 'grammar';
  readonly message: string;
  readonly suggestions: readonly string[];
}

/** Where a field gets its marks from; shared by all fields of the page. */
export interface Spelling {
  /** Whether marks are wanted at all. */
  readonly active: boolean;
  /** Changes with what the checker goes by (dialect, own words): everything is looked at anew then. */
  readonly version: unknown;
  /** What was found in this text before, or undefined. */
  known(text: string): readonly Lint[] | undefined;
  /** Never rejects: a checker that can't work finds nothing. */
  lint(text: string): Promise<readonly Lint[]>;
  isOwnWord(word: string): boolean;
  learn(word: string): void;
}
